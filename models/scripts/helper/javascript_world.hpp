#pragma once

namespace soundcheck::scripts {

// What a script finds beside ECMAScript's own: evaluated first in each world, with the input's text
// bound to `text`, it gives the value of `$`.
//
// - Gone is what two runs, or two machines, could see differently.
// - Maps and lists of the input are Java's in Conductor and answer the methods that scripts call;
//   they have prototypes of their own, so that nothing else in the world looks different.
inline constexpr char kJavascriptWorld[] = R"js(
(function (global) {
  'use strict';
  for (const name of ['Date', 'Intl', 'WeakRef', 'FinalizationRegistry', 'SharedArrayBuffer',
                      'Atomics', 'WebAssembly', 'performance', 'console']) {
    delete global[name];
  }
  delete Math.random;
  for (const kind of [Object, Array, Number, BigInt, String,
                      Object.getPrototypeOf(Int8Array)]) {
    for (const name of Object.getOwnPropertyNames(kind.prototype)) {
      if (name.startsWith('toLocale')) delete kind.prototype[name];
    }
  }
  const has = Object.prototype.hasOwnProperty;
  const prototypeWith = (parent, methods) => {
    const prototype = Object.create(parent);
    for (const name of Object.keys(methods)) {
      Object.defineProperty(prototype, name,
          {value: methods[name], enumerable: false, configurable: true, writable: true});
    }
    return prototype;
  };
  const javaMap = prototypeWith(Object.prototype, {
    get(key) { return has.call(this, key) ? this[key] : undefined; },
    getOrDefault(key, otherwise) { return has.call(this, key) ? this[key] : otherwise; },
    containsKey(key) { return has.call(this, key); },
    containsValue(value) { return Object.values(this).includes(value); },
    keySet() { return Object.keys(this); },
    size() { return Object.keys(this).length; },
    isEmpty() { return Object.keys(this).length === 0; },
    put(key, value) { const old = this[key]; this[key] = value; return old; },
  });
  const javaList = prototypeWith(Array.prototype, {
    get(index) { return this[index]; },
    contains(value) { return this.includes(value); },
    size() { return this.length; },
    isEmpty() { return this.length === 0; },
    add(value) { this.push(value); return true; },
  });
  return text => JSON.parse(text, (key, value) => {
    if (value !== null && typeof value === 'object') {
      Object.setPrototypeOf(value, Array.isArray(value) ? javaList : javaMap);
    }
    return value;
  });
})(globalThis)
)js";

}  // namespace soundcheck::scripts
