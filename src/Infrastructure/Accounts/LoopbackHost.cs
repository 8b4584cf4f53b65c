using System.Net;

namespace FollowUp.Infrastructure.Accounts;

/// <summary>Whether a request's host name is this machine's own.</summary>
public static class LoopbackHost
{
    /// <summary>Accepts <c>localhost</c> and loopback addresses. Names are not resolved, because a foreign name may resolve to 127.0.0.1.</summary>
    public static bool Is(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
