using System.Net;
using System.Net.Sockets;
using System.Text;
using FollowUp.IntegrationTests.Support;
using FollowUp.Web.Platform;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.IntegrationTests.Limits;

/// <summary>A client address has a limited number of connections. Each address of 127.0.0.0/8 is a separate client.</summary>
public sealed class ConnectionLimitTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task Idle_connections_of_one_address_do_not_block_other_addresses()
    {
        await using var program = await OwnProgram.Start(
            database,
            ("Server:MaxConnections", "40"),
            ("Server:MaxConnectionsPerAddress", "12")
        );
        List<TcpClient?> idle = [];
        for (var i = 0; i < 60; i++)
        {
            idle.Add(await Connect(program, "127.0.0.7"));
        }

        (await Ask(await Connect(program, "127.0.0.8"))).ShouldStartWith("HTTP/1.1 200 ");
        var open = await Task.WhenAll(idle.Select(Ask));

        open.Count(answer => answer.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal)).ShouldBe(12);
        open.Count(answer => answer.Length == 0).ShouldBe(48);
        // Each of these requests asked to close its connection, so there is room again.
        await Eventually.Holds(
            async () => (await Ask(await Connect(program, "127.0.0.7"))).StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal),
            "a closed connection makes room"
        );
        program.Http.Dispose();
        await Eventually.Holds(
            () => Task.FromResult(program.Services.GetRequiredService<ConnectionLimits>().Addresses == 0),
            "no address without a connection is counted"
        );
    }

    [Fact]
    public async Task A_known_proxy_may_use_all_connections()
    {
        await using var program = await OwnProgram.Start(
            database,
            ("Server:MaxConnectionsPerAddress", "2"),
            ("ForwardedHeaders:KnownProxies", "127.0.0.9")
        );
        List<TcpClient?> idle = [];
        for (var i = 0; i < 20; i++)
        {
            idle.Add(await Connect(program, "127.0.0.9"));
        }

        (await Task.WhenAll(idle.Select(Ask))).ShouldAllBe(answer => answer.StartsWith("HTTP/1.1 200 "));
    }

    /// <summary>A connection; null if the server closed it at once.</summary>
    private static async Task<TcpClient?> Connect(OwnProgram program, string from)
    {
        var client = new TcpClient(new IPEndPoint(IPAddress.Parse(from), 0));
        try
        {
            await client.ConnectAsync("127.0.0.1", program.Http.BaseAddress!.Port);
            return client;
        }
        catch (SocketException)
        {
            client.Dispose();
            return null;
        }
    }

    private static async Task<string> Ask(TcpClient? client)
    {
        if (client is null)
        {
            return "";
        }

        using (client)
        {
            try
            {
                var stream = client.GetStream();
                await stream.WriteAsync("GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"u8.ToArray());
                using var answer = new StreamReader(stream, Encoding.ASCII);
                return await answer.ReadToEndAsync();
            }
            catch (Exception reset) when (reset is IOException or SocketException)
            {
                return "";
            }
        }
    }
}
