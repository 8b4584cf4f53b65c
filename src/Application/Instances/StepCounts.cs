namespace FollowUp.Application.Instances;

/// <summary>
/// The counts at a step. Responses (from <paramref name="Delivered"/> on) are counted at the step of the message that they respond to.
/// </summary>
/// <param name="Sent">Messages that a provider accepted.</param>
/// <param name="Skipped">Executions that were skipped.</param>
/// <param name="Completed">Waits that ended.</param>
/// <param name="Failed">Failures; after a retry by a user the step can still be sent.</param>
/// <param name="Delivered">Messages that were delivered to the mailbox.</param>
/// <param name="Opened">Messages that were opened.</param>
/// <param name="Clicked">Messages with a followed link.</param>
/// <param name="Bounced">Messages that bounced or whose address was rejected.</param>
/// <param name="Complained">Messages that were marked as spam.</param>
/// <param name="Replied">Messages that were answered.</param>
/// <param name="Unsubscribed">Messages after which the recipient unsubscribed.</param>
public sealed record StepCounts(
    long Sent,
    long Skipped,
    long Completed,
    long Failed,
    long Delivered,
    long Opened,
    long Clicked,
    long Bounced,
    long Complained,
    long Replied,
    long Unsubscribed
)
{
    /// <param name="count">Returns the count of a metric by its name.</param>
    internal static StepCounts Of(Func<string, long> count) =>
        new(
            count("sent"),
            count("skipped"),
            count("completed"),
            count("failed"),
            count("delivered"),
            count("opened"),
            count("clicked"),
            count("bounced"),
            count("complained"),
            count("replied"),
            count("unsubscribed")
        );
}
