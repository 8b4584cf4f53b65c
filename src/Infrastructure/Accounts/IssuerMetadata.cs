using Microsoft.AspNetCore.Authentication.JwtBearer;

namespace FollowUp.Infrastructure.Accounts;

/// <summary>
/// Tracks whether the issuer's metadata and keys are known. Without them every token would look forged, and a 401 makes clients discard a valid one.
/// Once known, they stay in use while the issuer is unreachable; the token handler refreshes them.
/// </summary>
internal sealed partial class IssuerMetadata(TimeProvider time, ILogger<IssuerMetadata> logger)
{
    /// <summary>Time limit for fetching the metadata. Requests with tokens wait for it.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>For how long requests are refused without another attempt, so that an unreachable issuer does not delay each request.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private Task<bool>? _fetch;
    private DateTimeOffset _nextAttempt;
    private bool _isAway;
    private volatile bool _isKnown;

    /// <summary>Fetches the metadata if it is not known. A single attempt at a time serves all waiting requests.</summary>
    /// <returns>Null when the metadata is known; otherwise the outage.</returns>
    public async Task<IssuerOutage?> Check(JwtBearerOptions options, CancellationToken cancellationToken)
    {
        if (_isKnown)
        {
            return null;
        }

        Task<bool> fetch;
        lock (_lock)
        {
            if (_fetch is null && time.GetUtcNow() < _nextAttempt)
            {
                return new IssuerOutage(_nextAttempt - time.GetUtcNow());
            }

            fetch = _fetch ??= Task.Run(() => Fetch(options), CancellationToken.None);
        }

        return await fetch.WaitAsync(cancellationToken) ? null : new IssuerOutage(Pause);
    }

    private async Task<bool> Fetch(JwtBearerOptions options)
    {
        string? why = null;
        try
        {
            using var timeout = new CancellationTokenSource(Timeout, time);
            await options.ConfigurationManager!.GetConfigurationAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            why = $"no response in {Timeout.TotalSeconds:0} s";
        }
        catch (Exception failure)
        {
            // Any failure: the next attempt is made regardless of the cause.
            why = failure.GetBaseException().Message;
        }

        lock (_lock)
        {
            (_fetch, _isKnown) = (null, why is null);
            _nextAttempt = time.GetUtcNow() + Pause;
            if (why is not null && !_isAway)
            {
                LogUnreachable(
                    logger,
                    options.Authority,
                    FollowUp.Infrastructure.SingleLine.Of(why, FollowUp.Infrastructure.SingleLine.LongestError)
                );
            }
            else if (why is null && _isAway)
            {
                LogReachable(logger, options.Authority);
            }

            _isAway = why is not null;
        }

        return why is null;
    }

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The OpenID Connect issuer {Authority} cannot be reached; requests with tokens get 503 until it can: {Error}"
    )]
    private static partial void LogUnreachable(ILogger logger, string? authority, string error);

    [LoggerMessage(Level = LogLevel.Information, Message = "The OpenID Connect issuer {Authority} can be reached again")]
    private static partial void LogReachable(ILogger logger, string? authority);
}
