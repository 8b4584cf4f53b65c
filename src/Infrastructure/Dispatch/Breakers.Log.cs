namespace FollowUp.Infrastructure.Dispatch;

/// <content>What operators read in the log.</content>
internal sealed partial class Breakers
{
    /// <summary>
    /// Logs each transition once, on the node that made it: the lock on the row prevents another node from making the same transition.
    /// </summary>
    private void Log(Channel channel, CircuitBreaker before, CircuitBreaker after, DateTimeOffset now)
    {
        var name = DbEnumNames.Upper(channel);
        switch (Transition(before, after))
        {
            case "opened":
                LogOpened(logger, name, after.Cause ?? "", Seconds());
                break;
            case "probeFailed":
                LogProbeFailed(logger, name, after.Cause ?? "", Seconds());
                break;
            case "closed" when after.Failures > 0:
                LogClosedByRefusals(logger, name);
                break;
            case "closed":
                LogClosed(logger, name);
                break;
        }

        double Seconds() => Math.Round((after.OpenUntil!.Value - now).TotalSeconds);
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The {Channel} provider is failing, so the channel's steps wait; the first probe is in {Seconds} s. Cause: {Cause}"
    )]
    private static partial void LogOpened(ILogger logger, string channel, string cause, double seconds);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A probe of the {Channel} provider failed; the next one is in {Seconds} s. Cause: {Cause}"
    )]
    private static partial void LogProbeFailed(ILogger logger, string channel, string cause, double seconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "The {Channel} provider responds again; sending the channel's backlog")]
    private static partial void LogClosed(ILogger logger, string channel);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The {Channel} provider refuses all probes but no longer fails; sending the channel's backlog. The next failure stops it again"
    )]
    private static partial void LogClosedByRefusals(ILogger logger, string channel);
}
