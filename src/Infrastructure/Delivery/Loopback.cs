using System.Net;

namespace FollowUp.Infrastructure.Delivery;

/// <summary>Whether a host is this machine, so that the connection cannot be intercepted on a network.</summary>
internal static class Loopback
{
    /// <summary>Checks the name (RFC 6761: <c>localhost</c> and its subdomains) or the address; names are not resolved.</summary>
    public static bool IsHost(string host)
    {
        var name = host.Trim().TrimEnd('.');
        return name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(name.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
    }
}
