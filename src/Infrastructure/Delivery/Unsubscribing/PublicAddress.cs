using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace FollowUp.Infrastructure.Delivery.Unsubscribing;

/// <summary>
/// The public base URL of this program (<c>PublicUrl</c>), with which the links in mails begin. In Development it defaults to the address that the
/// program listens on. Elsewhere it is required for sending real mail, because recipients could not unsubscribe without it.
/// </summary>
internal sealed class PublicAddress
{
    private const string Key = "PublicUrl";
    private const string WithoutServer = "http://localhost";
    private readonly string? _set;
    private readonly IServer? _server;
    private readonly bool _isDevelopment;

    /// <exception cref="SettingException">The setting is missing although mail is sent, or is not a valid URL.</exception>
    public PublicAddress(IConfiguration settings, IHostEnvironment environment, IServer? server = null)
    {
        (_set, _server, _isDevelopment) = (Check(settings, environment), server, environment.IsDevelopment());
    }

    /// <summary>The URL without a trailing slash; null when it is not known.</summary>
    public string? Value => _set ?? (_isDevelopment ? Listening() ?? WithoutServer : null);

    /// <summary>Validates the setting before any service is built.</summary>
    /// <returns>The URL without a trailing slash; null when it is not set and not required.</returns>
    /// <exception cref="SettingException">The setting is missing although mail is sent, or is not a valid URL.</exception>
    public static string? Check(IConfiguration settings, IHostEnvironment environment)
    {
        var given = settings[Key]?.Trim();
        if (string.IsNullOrEmpty(given))
        {
            var provider = settings["Email:Provider"]?.Trim().ToLowerInvariant();
            return environment.IsDevelopment() || provider is not (DeliverySettings.SendGrid or DeliverySettings.Smtp)
                ? null
                : throw new SettingException(
                    $"{Key} must be set to the https address at which recipients reach this program, because the links for unsubscribing lead there (environment variable {Key})."
                );
        }

        var isAddress =
            Uri.TryCreate(given, UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))
            && address is { Query.Length: 0, Fragment.Length: 0, UserInfo.Length: 0 };
        // RFC 8058 requires https; plain http is only for trying the program out on this machine.
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
