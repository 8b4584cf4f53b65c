namespace FollowUp.Application.Instances;

/// <summary>What happened at a step. Answers (from <paramref name="Delivered"/> on) are counted at the message that they answer.</summary>
/// <param name="Sent">Messages that a provider took.</param>
/// <param name="Skipped">Times that it was passed over.</param>
/// <param name="Completed">Waits that ended.</param>
/// <param name="Failed">Times that it was given up; after a retry by a person it can be sent all the same.</param>
/// <param name="Delivered">Messages that reached the mailbox.</param>
/// <param name="Opened">Messages that were opened.</param>
/// <param name="Clicked">Messages in which a link was followed.</param>
/// <param name="Bounced">Messages that came back, or whose address was refused.</param>
/// <param name="Complained">Messages that were marked as spam.</param>
/// <param name="Replied">Messages that were answered.</param>
/// <param name="Unsubscribed">Messages after which the person wanted no more.</param>
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
);
