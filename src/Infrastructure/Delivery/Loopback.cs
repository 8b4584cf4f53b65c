using System.Net;

namespace FollowUp.Infrastructure.Delivery;

/// <summary>Whether a host is this machine, so that nothing on a network can listen in.</summary>
internal static class Loopback
{
    /// <summary>By name (RFC 6761: <c>localhost</c> and everything under it) or address; names are not looked up.</summary>
    public static bool IsHost(string host)
    {
        var name = host.Trim().TrimEnd('.');
        return name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(name.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
    }
}
