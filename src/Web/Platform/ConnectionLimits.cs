using System.Net;
using FollowUp.Infrastructure;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using IPNetwork = System.Net.IPNetwork;

namespace FollowUp.Web.Platform;

/// <summary>
/// Limits the open connections of one client address (<c>Server:MaxConnectionsPerAddress</c>). Kestrel has only a total, which a single client
/// could use up. Proxies in <c>ForwardedHeaders:KnownProxies</c> carry the connections of many clients and have no limit.
/// </summary>
/// <param name="most">Maximum number of connections per address.</param>
/// <param name="proxies">Addresses without a limit.</param>
internal sealed partial class ConnectionLimits(
    int most,
    IReadOnlyList<IPNetwork> proxies,
    TimeProvider time,
    ILogger<ConnectionLimits> logger
)
{
    private static readonly TimeSpan LogEvery = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();

    /// <summary>Contains only addresses with open connections, so it is bounded by the number of connections.</summary>
    private readonly Dictionary<string, int> _open = new(StringComparer.Ordinal);
    private DateTimeOffset _nextLine;

    /// <summary>The number of addresses with open connections.</summary>
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

    /// <summary>Reads the settings eagerly, so that an invalid one stops the start with its message.</summary>
    public static void Add(WebApplicationBuilder builder)
    {
        var most = builder.Configuration.Whole("Server:MaxConnectionsPerAddress", 1_000, 1, 1_000_000);
        var proxies = ForwardedAddresses.Networks(builder.Configuration);
        builder.Services.AddSingleton(provider => ActivatorUtilities.CreateInstance<ConnectionLimits>(provider, most, proxies));
    }

    /// <summary>Applies the limit to an endpoint before TLS: a refused connection costs no handshake.</summary>
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
            // Closed without a response: TLS may not be established yet, and a response would have to wait for a request.
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
        Message = "New connections from {Address} are closed, because it has {Most} open connections (Server:MaxConnectionsPerAddress). If it is a proxy, add it to ForwardedHeaders:KnownProxies"
    )]
    private static partial void LogRefused(ILogger logger, string address, int most);
}
