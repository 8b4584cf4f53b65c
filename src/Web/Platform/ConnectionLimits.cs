using System.Net;
using FollowUp.Infrastructure;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using IPNetwork = System.Net.IPNetwork;

namespace FollowUp.Web.Platform;

/// <summary>
/// How many connections one client address has open at once (<c>Server:MaxConnectionsPerAddress</c>). The server itself knows only a total, which
/// a single client could take for itself. The proxies in <c>ForwardedHeaders:KnownProxies</c> carry the connections of many clients and have none.
/// </summary>
/// <param name="most">The most connections of an address.</param>
/// <param name="proxies">The addresses without a limit.</param>
/// <param name="time">For the pace of the log.</param>
/// <param name="logger">Where refusals are logged.</param>
internal sealed partial class ConnectionLimits(
    int most,
    IReadOnlyList<IPNetwork> proxies,
    TimeProvider time,
    ILogger<ConnectionLimits> logger
)
{
    private static readonly TimeSpan LogEvery = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();

    /// <summary>Addresses with open connections only, so at most as many as there are connections.</summary>
    private readonly Dictionary<string, int> _open = new(StringComparer.Ordinal);
    private DateTimeOffset _nextLine;

    /// <summary>How many addresses are counted at the moment.</summary>
    public int Addresses
    {
        get
        {
            lock (_lock)
            {
                return _open.Count;
            }
        }
    }

    /// <summary>Reads the settings now, so that a wrong one ends the start with its sentence.</summary>
    public static void Add(WebApplicationBuilder builder)
    {
        var most = builder.Configuration.Whole("Server:MaxConnectionsPerAddress", 1_000, 1, 1_000_000);
        var proxies = ForwardedAddresses.Networks(builder.Configuration);
        builder.Services.AddSingleton(provider => ActivatorUtilities.CreateInstance<ConnectionLimits>(provider, most, proxies));
    }

    /// <summary>Applies the limit to an endpoint, before TLS: a connection that is refused costs no handshake.</summary>
    public static void ApplyTo(ListenOptions endpoint)
    {
        var limits = endpoint.ApplicationServices.GetRequiredService<ConnectionLimits>();
        endpoint.Use(next => connection => limits.Serve(connection, next));
    }

    private async Task Serve(ConnectionContext connection, ConnectionDelegate next)
    {
        if (connection.RemoteEndPoint is not IPEndPoint { Address: var address } || proxies.Any(proxy => proxy.Contains(address)))
        {
            await next(connection);
            return;
        }

        var client = ClientAddress.Partition(address);
        if (!TryOpen(client))
        {
            // Closed without a response: there may be no TLS yet, and a response would have to wait for a request.
            connection.Abort(new ConnectionAbortedException("The client's address has too many connections."));
            return;
        }

        try
        {
            await next(connection);
        }
        finally
        {
            Close(client);
        }
    }

    private bool TryOpen(string client)
    {
        lock (_lock)
        {
            var open = _open.GetValueOrDefault(client);
            if (open < most)
            {
                _open[client] = open + 1;
                return true;
            }

            if (time.GetUtcNow() >= _nextLine)
            {
                _nextLine = time.GetUtcNow() + LogEvery;
                LogRefused(logger, client, most);
            }

            return false;
        }
    }

    private void Close(string client)
    {
        lock (_lock)
        {
            if (_open[client] == 1)
            {
                _open.Remove(client);
            }
            else
            {
                _open[client]--;
            }
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "New connections of {Address} are closed: it has {Most} open ones (Server:MaxConnectionsPerAddress). A proxy belongs into ForwardedHeaders:KnownProxies"
    )]
    private static partial void LogRefused(ILogger logger, string address, int most);
}
