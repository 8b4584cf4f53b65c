using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace FollowUp.Infrastructure.Delivery.Unsubscribing;

/// <summary>
/// Where people outside reach this program (<c>PublicUrl</c>): the links in mails begin with it. In Development the address that the program listens
/// on does; elsewhere whoever sends real mail has to say it, since without it nobody could unsubscribe.
/// </summary>
internal sealed class PublicAddress
{
    private const string Key = "PublicUrl";
    private const string WithoutServer = "http://localhost";
    private readonly string? _set;
    private readonly IServer? _server;
    private readonly bool _isDevelopment;

    /// <summary>Reads the setting.</summary>
    /// <exception cref="SettingException">It is missing where mail is sent, or no address.</exception>
    public PublicAddress(IConfiguration settings, IHostEnvironment environment, IServer? server = null)
    {
        (_set, _server, _isDevelopment) = (Check(settings, environment), server, environment.IsDevelopment());
    }

    /// <summary>The address, without a slash at its end; null when it is not known.</summary>
    public string? Value => _set ?? (_isDevelopment ? Listening() ?? WithoutServer : null);

    /// <summary>Looks at the setting before anything is built.</summary>
    /// <returns>The address, without a slash at its end; null when it is not set and need not be.</returns>
    /// <exception cref="SettingException">It is missing where mail is sent, or no address.</exception>
    public static string? Check(IConfiguration settings, IHostEnvironment environment)
    {
        var given = settings[Key]?.Trim();
        if (string.IsNullOrEmpty(given))
        {
            var provider = settings["Email:Provider"]?.Trim().ToLowerInvariant();
            return environment.IsDevelopment() || provider is not (DeliverySettings.SendGrid or DeliverySettings.Smtp)
                ? null
                : throw new SettingException(
                    $"{Key} must be set to the https address at which recipients reach this program, since the links for unsubscribing lead there (environment variable {Key})."
                );
        }

        var isAddress =
            Uri.TryCreate(given, UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))
            && address is { Query.Length: 0, Fragment.Length: 0, UserInfo.Length: 0 };
        // RFC 8058 has mailboxes follow https only; plain http is for trying things out on this very machine.
        return isAddress
            ? given.TrimEnd('/')
            : throw new SettingException(
                $"{Key} is \"{SingleLine.Of(given, 200)}\", but it must be an https address without a query (environment variable {Key})."
            );
    }

    private string? Listening() =>
        _server
            ?.Features.Get<IServerAddressesFeature>()
            ?.Addresses.FirstOrDefault()
            ?.Replace("://[::]:", "://127.0.0.1:", StringComparison.Ordinal)
            .Replace("://0.0.0.0:", "://127.0.0.1:", StringComparison.Ordinal)
            .TrimEnd('/');
}
