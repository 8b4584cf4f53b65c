using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using FollowUp.IntegrationTests.Support;
using FollowUp.Web.Http;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.IntegrationTests.Limits;

/// <summary>A request with a slow body takes none of its caller's slots for expensive requests and changes.</summary>
public sealed partial class SlowBodyTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const string Continue = "HTTP/1.1 100 Continue\r\n\r\n";

    [Fact]
    public async Task A_slow_body_blocks_no_other_request_of_its_caller()
    {
        await using var program = await OwnProgram.Start(
            database,
            ("RateLimit:ListsAtOnce", "1"),
            ("RateLimit:WritesAtOnce", "1"),
            ("RateLimit:Burst", "10000")
        );
        var alice = await program.As("alice");
        var routes = TakingTurnsWithBody(program);
        routes.Count.ShouldBeGreaterThan(20);

        foreach (var (method, path) in routes)
        {
            using var slow = await SlowRequest.Start(program, method, path, alice.Credential);
            // The server asks for the body when it begins to read it.
            (await slow.Read(Continue.Length)).ShouldBe(Continue, $"{method} {path}");
            var other = alice.Send(new HttpMethod(method), path, "{}", "application/json");

            // A slow body ends with 408, and then all other requests are served.
            var first = await Task.WhenAny(other, slow.Read(1)).WaitAsync(TimeSpan.FromMinutes(1));

            first.ShouldBe(other, $"{method} {path}");
            ((int)(await other).Status).ShouldNotBe(429, $"{method} {path}");
        }
    }

    [Fact]
    public async Task A_caller_who_may_not_use_a_route_is_refused_before_the_body_is_read()
    {
        await using var program = await OwnProgram.Start(database);
        var alice = await program.As("alice");
        var readOnly = (await alice.Post("/api/keys", """{"name":"reader","readOnly":true}""")).ShouldBe(201).Json["key"]!.ToString();

        foreach (var (credential, status) in new[] { (("X-Api-Key", readOnly), 403), (("X-None", "x"), 401) })
        {
            using var request = await SlowRequest.Start(program, "POST", "/api/sequences", credential);

            (await request.Read(Continue.Length)).ShouldStartWith($"HTTP/1.1 {status} ");
        }
    }

    private static List<(string Method, string Path)> TakingTurnsWithBody(OwnProgram program) =>
        [
            .. program
                .Services.GetRequiredService<EndpointDataSource>()
                .Endpoints.OfType<RouteEndpoint>()
                // Alice is no operator.
                .Where(route => route.Metadata.GetOrderedMetadata<IAuthorizeData>().All(data => data.Policy != Routes.OperatorPolicy))
                .Where(route =>
                    route.Metadata.GetMetadata<RunsExclusively>() is not null
                    || (route.Metadata.GetMetadata<ConcurrencyLimited>() is { } turns && turns != ConcurrencyLimited.Bulk)
                )
                .SelectMany(route =>
                    route
                        .Metadata.GetRequiredMetadata<IHttpMethodMetadata>()
                        .HttpMethods.Where(method => method is "POST" or "PUT" or "PATCH")
                        .Select(method => (method, Path(route)))
                ),
        ];

    private static string Path(RouteEndpoint route) =>
        Parameter().Replace(route.RoutePattern.RawText!, match => match.Groups[1].Value == "version" ? "1" : Guid.NewGuid().ToString());

    [GeneratedRegex(@"\{(\w+)[^}]*\}")]
    private static partial Regex Parameter();

    /// <summary>A request that waits to be asked for its body, and then sends little of it.</summary>
    private sealed class SlowRequest : IDisposable
    {
        private readonly TcpClient _socket = new();

        public static async Task<SlowRequest> Start(OwnProgram program, string method, string path, (string Name, string Value) credential)
        {
            var request = new SlowRequest();
            await request._socket.ConnectAsync(program.Http.BaseAddress!.Host, program.Http.BaseAddress.Port);
            await request
                ._socket.GetStream()
                .WriteAsync(
                    Encoding.ASCII.GetBytes(
                        $"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{credential.Name}: {credential.Value}\r\nContent-Type: application/json\r\n"
                            + "Content-Length: 1000\r\nExpect: 100-continue\r\n\r\n"
                    )
                );
            return request;
        }

        public async Task<string> Read(int bytes)
        {
            var buffer = new byte[bytes];
            var read = await _socket.GetStream().ReadAtLeastAsync(buffer, bytes, throwOnEndOfStream: false);
            return Encoding.ASCII.GetString(buffer, 0, read);
        }

        public void Dispose() => _socket.Dispose();
    }
}
