using System.Net;
using FollowUp.Infrastructure;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace FollowUp.Web.Platform;

/// <summary>
/// Support for reverse proxies: <c>ForwardedHeaders:KnownProxies</c> lists the proxies (addresses, or networks such as <c>10.0.0.0/8</c>) whose
/// <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> are trusted. Headers from other clients are ignored, because any client can send them.
/// </summary>
internal static class ForwardedAddresses
{
    private const string Key = "ForwardedHeaders:KnownProxies";

    public static void UseForwardedAddresses(this WebApplication app)
    {
        var networks = Networks(app.Configuration);
        if (networks.Count == 0)
        {
            return;
        }

        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            // Walks the addresses from last to first and stops at the first one that is not a known proxy.
            ForwardLimit = null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in networks)
        {
            options.KnownIPNetworks.Add(network);
        }

        app.UseForwardedHeaders(options);
    }

    /// <summary>The proxies as networks; a single address is a network with one address.</summary>
    /// <exception cref="SettingException">An entry is neither an address nor a network.</exception>
    public static IReadOnlyList<IPNetwork> Networks(IConfiguration settings) =>
        [.. settings.Words(Key).SelectMany(word => Parse(word) ?? throw Wrong(word))];

    /// <summary>On a dual-stack socket an IPv4 proxy appears as an IPv4-mapped IPv6 address.</summary>
    private static IPNetwork[]? Parse(string word)
    {
        if (IPAddress.TryParse(word, out var address))
        {
            word = $"{address}/{address.GetAddressBytes().Length * 8}";
        }

        return !IPNetwork.TryParse(word, out var network) ? null
            : network.BaseAddress.GetAddressBytes().Length == 4
                ? [network, new IPNetwork(network.BaseAddress.MapToIPv6(), network.PrefixLength + 96)]
            : [network];
    }

    private static SettingException Wrong(string word) =>
        new(
            $"{Key} has \"{word}\", but each entry must be an IP address or a network such as 10.0.0.0/8 (environment variable ForwardedHeaders__KnownProxies)."
        );
}
