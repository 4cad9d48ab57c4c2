#!/usr/bin/env bash
# okhttp@5.5.1 (Maven): one POST is sent up to three times when the server dies while it works on it.
#
# Expected: a request that is not idempotent is sent once. When the connection ends without an answer, nobody knows whether
# the server has done the work, so the caller gets an exception and decides.
# Happens: OkHttp sends the POST again, silently, if it went out on a pooled connection (the normal case) that was closed
# before a byte of the answer came. To the client a server that crashed after the work looks like an idle connection that
# had been closed. All three copies arrive whole; the caller sees one exception, no retry is in its code or its metrics. On a
# fresh connection the same POST is sent once, so the behaviour depends on who used the connection before.
# retryOnConnectionFailure, which is on by default, is documented, with the hint to switch it off where a retry is
# destructive; the effect on a POST that the server has already read is not spelt out.
#
# Seen (the server reads the POST whole, then closes the connection):
#   fresh connection:  received 1 time, the caller got an IOException
#   pooled connection: received 3 times, the caller got an IOException
#   pooled connection, retryOnConnectionFailure(false): received 1 time, the caller got an IOException
#
# Needs a JDK 17 and Maven. Exit: 0 as described, 1 otherwise, 2 could not run.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"

cat > pom.xml <<'POM'
<project><modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>com.squareup.okhttp3</groupId><artifactId>okhttp-jvm</artifactId><version>5.5.1</version></dependency>
  </dependencies></project>
POM
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib >install.log 2>&1 || { echo "could not install"; exit 2; }

cat > Finding.java <<'JAVA'
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

public class Finding {
    static final AtomicInteger charges = new AtomicInteger();

    /** Answers GET; reads a POST to its last byte, counts it, and closes the connection. */
    static void serve(Socket socket) {
        try (socket; BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream()))) {
            for (String request; (request = in.readLine()) != null; ) {
                int length = 0;
                for (String header; !(header = in.readLine()).isEmpty(); )
                    if (header.toLowerCase().startsWith("content-length:")) length = Integer.parseInt(header.substring(15).trim());
                for (int i = 0; i < length; i++) in.read();
                if (request.startsWith("POST")) {
                    charges.incrementAndGet();
                    return;
                }
                socket.getOutputStream().write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException gone) {
            // the client closed
        }
    }

    static int received(String title, OkHttpClient client, String url, boolean pooled) throws IOException {
        if (pooled) client.newCall(new Request.Builder().url(url).build()).execute().close();
        charges.set(0);
        Request post = new Request.Builder().url(url + "charge")
            .post(RequestBody.create("amount=10", MediaType.get("text/plain"))).build();
        String outcome;
        try (Response response = client.newCall(post).execute()) {
            outcome = "status " + response.code();
        } catch (IOException e) {
            outcome = "an IOException";
        }
        int times = charges.get();
        System.out.println(title + " received " + times + (times == 1 ? " time" : " times") + ", the caller got " + outcome);
        return times;
    }

    public static void main(String[] args) throws Exception {
        ServerSocket listening = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        Thread acceptor = new Thread(() -> {
            while (true) {
                try {
                    Socket socket = listening.accept();
                    new Thread(() -> serve(socket)).start();
                } catch (IOException closed) {
                    return;
                }
            }
        });
        acceptor.setDaemon(true);
        acceptor.start();

        String url = "http://127.0.0.1:" + listening.getLocalPort() + "/";
        int fresh = received("fresh connection: ", new OkHttpClient(), url, false);
        int pooled = received("pooled connection:", new OkHttpClient(), url, true);
        int off = received("pooled connection, retryOnConnectionFailure(false):",
            new OkHttpClient.Builder().retryOnConnectionFailure(false).build(), url, true);
        boolean asDescribed = fresh == 1 && pooled >= 2 && off == 1;
        System.out.println(asDescribed ? "as described" : "NOT as described");
        System.exit(asDescribed ? 0 : 1);
    }
}
JAVA
timeout 60 java -cp 'lib/*' Finding.java
