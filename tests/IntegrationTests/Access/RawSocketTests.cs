using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FollowUp.IntegrationTests.Access;

/// <summary>Raw bytes that no HTTP client would send: each is rejected or cut off, stores nothing, and the server stays healthy.</summary>
public sealed class RawSocketTests(AccessProgram program) : IClassFixture<AccessProgram>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private string Authorized => $"Host: localhost\r\nAuthorization: Bearer {program.Issuer.Token("alice")}\r\n";

    [Fact]
    public async Task Bytes_that_are_not_HTTP_are_rejected_and_store_nothing()
    {
        var json = "Content-Type: application/json\r\n";
        string[] requests =
        [
            "\r\n\r\n\r\n",
            "GET\r\n\r\n",
            "GET /api/me\r\n\r\n",
            "GET  /api/me HTTP/1.1\r\n\r\n",
            "GET /api/me HTTP/9.9\r\nHost: a\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "\u0016\u0003\u0001\u0002\0\u0001\0\u0001",
            $"GET /api/me\0 HTTP/1.1\r\n{Authorized}\r\n",
            $"GET /api/{new string('a', 20_000)} HTTP/1.1\r\n{Authorized}\r\n",
            $"GET /api/me HTTP/1.1\r\n{Authorized}X-Big: {new string('a', 40_000)}\r\n\r\n",
            $"GET /api/me HTTP/1.1\r\n{Authorized}{string.Concat(Enumerable.Range(0, 200).Select(i => $"X-{i}: 1\r\n"))}\r\n",
            $"GET /api/me HTTP/1.1\r\n{Authorized}No colon\r\n\r\n",
            $"GET /api/me HTTP/1.1\r\n{Authorized} Folded: 1\r\n\r\n",
            $"GET /api/me HTTP/1.1\r\n{Authorized}X\0Y: 1\r\n\r\n",
            $"GET /api/me HTTP/1.1\r\n{Authorized}X: a\0b\r\n\r\n",
            $"GET /api/me HTTP/1.1\r\n{Authorized}X : 1\r\n\r\n",
            "GET /api/me HTTP/1.1\r\n\r\n",
            $"GET /api/me HTTP/1.1\r\nHost: evil.example\r\n{Authorized}\r\n",
            $"GET http://evil.example/api/me HTTP/1.1\r\nHost: a b\r\n\r\n",
            $"GET /../../etc/passwd HTTP/1.1\r\n{Authorized}\r\n",
            $"GET /docs/../../appsettings.json HTTP/1.1\r\n{Authorized}\r\n",
            $"POST /api/sequences HTTP/1.1\r\n{Authorized}{json}Content-Length: -1\r\n\r\n",
            $"POST /api/sequences HTTP/1.1\r\n{Authorized}{json}Content-Length: 99999999999999999999\r\n\r\n",
            $"POST /api/sequences HTTP/1.1\r\n{Authorized}{json}Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
            $"POST /api/sequences HTTP/1.1\r\n{Authorized}{json}Content-Length: 99999999999\r\n\r\n",
            $"POST /api/sequences HTTP/1.1\r\n{Authorized}{json}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\nzz\r\n\r\n",
            $"POST /api/sequences HTTP/1.1\r\n{Authorized}{json}Transfer-Encoding: gzip\r\n\r\nabc",
            $"POST /api/sequences HTTP/1.1\r\n{Authorized}{json}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
            $"POST /api/sequences HTTP/1.1\r\n{Authorized}{json}Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n",
            $"POST /api/sequences HTTP/1.1\r\n{Authorized}{json}Transfer-Encoding: chunked\r\n\r\n-1\r\nabc\r\n0\r\n\r\n",
            $"POST /api/sequences HTTP/1.1\r\n{Authorized}{json}Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nabc\r\n0\r\n\r\n",
            $"POST /api/sequences HTTP/1.1\r\n{Authorized}{json}Transfer-Encoding: chunked\r\n\r\n5\r\nabc\r\n0\r\n\r\n",
            $"POST /api/sequences HTTP/1.1\r\n{Authorized}{json}Transfer-Encoding: chunked\r\n\r\n2\r\n{{}}\r\n",
            $"POST /api/sequences HTTP/1.1\r\n{Authorized}{json}Content-Length: 500\r\n\r\n{{\"name\":",
            $"POST /api/sequences HTTP/1.1\r\n{Authorized}{json}Expect: 200-maybe\r\nContent-Length: 2\r\n\r\n{{}}",
            $"POST /api/sequences/{Guid.NewGuid()}/instances/bulk HTTP/1.1\r\n{Authorized}Content-Type: text/csv\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        ];
        var before = await program.Changes();

        foreach (var request in requests)
        {
            var answer = await Say(request);
            // An answer that was truncated by a reset does not count.
            var status = answer.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) && answer.Length > 12 ? int.Parse(answer[9..12]) : 0;
            (status is 0 or (>= 400 and < 500) or 505).ShouldBeTrue($"{request[..Math.Min(200, request.Length)]}\n{answer}");
        }

        (await program.ChangesSince(before)).ShouldBe("");
        (await program.Alice.Get("/api/me")).ShouldBe(200);
    }

    [Fact]
    public async Task A_truncated_bulk_body_is_rejected_with_all_security_headers()
    {
        var own = await OwnedRows.Of(program.Alice);

        var answer = await Say(
            $"POST /api/sequences/{own["sequence"]}/instances/bulk HTTP/1.1\r\n{Authorized}Content-Type: text/csv\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nemail\n\r\nzz\r\n",
            keepOpen: true
        );

        answer.ShouldStartWith("HTTP/1.1 400 ");
        answer.ShouldContain("application/problem+json");
        answer.ShouldContain("X-Content-Type-Options: nosniff");
        answer.ShouldContain("Content-Security-Policy: default-src 'none'");
    }

    [Theory]
    [InlineData("Content-Length: 10000000\r\n", "")]
    [InlineData("Content-Length: 99999999999\r\n", "")]
    public async Task A_body_with_a_too_large_Content_Length_is_rejected_before_it_is_read(string length, string body)
    {
        var answer = await Say($"POST /api/sequences HTTP/1.1\r\n{Authorized}Content-Type: application/json\r\n{length}\r\n{body}");

        (answer.Length == 0 || answer.StartsWith("HTTP/1.1 4", StringComparison.Ordinal)).ShouldBeTrue(answer);
    }

    [Fact]
    public async Task A_client_that_sends_its_body_too_slowly_is_disconnected()
    {
        var answer = await Say(
            $"POST /api/sequences HTTP/1.1\r\n{Authorized}Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{{",
            keepOpen: true
        );

        answer.ShouldStartWith("HTTP/1.1 408 ");
        answer.ShouldContain("requestTimeout");
    }

    [Fact]
    public void A_client_that_sends_its_headers_too_slowly_is_disconnected()
    {
        var limits = program.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;

        limits.RequestHeadersTimeout.ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(30));
        limits.MinRequestBodyDataRate.ShouldNotBeNull().BytesPerSecond.ShouldBeGreaterThan(0);
        limits.MaxRequestHeadersTotalSize.ShouldBeLessThanOrEqualTo(32 * 1024);
        limits.MaxRequestBodySize.ShouldBe(1024 * 1024);
    }

    /// <summary>Request smuggling: a proxy that delimits requests differently would pass a second request under the first one's credential.</summary>
    [Theory]
    [InlineData("Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n")]
    [InlineData("Content-Length: 0\r\nContent-Length: 44\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n")]
    public async Task A_second_request_on_a_connection_does_not_inherit_the_credential(string rest)
    {
        const string Second = "GET /api/me HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

        var answer = await Say(
            $"POST /api/sequences HTTP/1.1\r\n{Authorized}Content-Type: application/json\r\n{rest}{Second}",
            keepOpen: true
        );

        answer.ShouldStartWith("HTTP/1.1 4");
        answer.Split("HTTP/1.1 ")[1..].ShouldAllBe(each => each.StartsWith("400 ") || each.StartsWith("401 "), answer);
    }

    /// <summary>Writes bytes (Latin-1) and reads until the server closes the connection.</summary>
    private async Task<string> Say(string request, bool keepOpen = false)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var client = new TcpClient();
        await client.ConnectAsync(program.Address.Host, program.Address.Port, patience.Token);
        var stream = client.GetStream();
        var answer = new MemoryStream();
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(request), patience.Token);
            if (!keepOpen)
            {
                client.Client.Shutdown(SocketShutdown.Send);
            }

            await stream.CopyToAsync(answer, patience.Token);
        }
        catch (Exception reset) when (reset is IOException or SocketException)
        {
            // The server closed the connection before it read everything.
        }

        return Encoding.Latin1.GetString(answer.ToArray());
    }
}
