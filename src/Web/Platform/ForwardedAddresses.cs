using System.Net;
using FollowUp.Infrastructure;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace FollowUp.Web.Platform;

/// <summary>
/// Behind a reverse proxy: <c>ForwardedHeaders:KnownProxies</c> names the proxies (addresses or networks such as <c>10.0.0.0/8</c>) whose
/// <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> are believed. Without it the headers are ignored, because any client can write them.
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
            // The walk from the last address to the first ends at the first one that is no known proxy.
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

    /// <summary>The proxies as networks; a single address is a network of one.</summary>
    /// <exception cref="SettingException">An entry is neither an address nor a network.</exception>
    public static IReadOnlyList<IPNetwork> Networks(IConfiguration settings) =>
        [.. settings.Words(Key).SelectMany(word => Parse(word) ?? throw Wrong(word))];

    /// <summary>On a socket that takes both, an IPv4 proxy appears as a mapped IPv6 address.</summary>
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
