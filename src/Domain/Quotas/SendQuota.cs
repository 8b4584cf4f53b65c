namespace FollowUp.Domain.Quotas;

/// <summary>
/// Decides whether limits allow a message now. The worker applies it to the counts that it has locked in the database, previews and <c>why</c>
/// to the counts that they expect.
/// </summary>
public static class SendQuota
{
    /// <summary>
    /// How long a mail is postponed when earlier mails, which are being executed and not counted yet, may use up the day's cap. Then it asks
    /// again.
    /// </summary>
    public static readonly TimeSpan WaitForEarlier = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Why an owner's limits do not allow a mail now; null when they do. In this order: the day's cap, the recipient's cap, due follow-ups
    /// that need the rest of the cap, the minimum gap, and earlier mails that may need the rest of the cap.
    /// </summary>
    public static QuotaRefusal? Refusal(this Limits limits, QuotaState state, DateTimeOffset now)
    {
        var day = limits.DayOf(now);
        var left = (limits.MailsOn(day) ?? int.MaxValue) - state.Sent.On(day);
        if (left <= 0)
        {
            return Tomorrow(MoveReason.Cap, AlsoRefused.All);
        }

        if (state.ToRecipient >= (limits.PerRecipientPerDay ?? int.MaxValue))
        {
            return Tomorrow(MoveReason.RecipientCap, AlsoRefused.None);
        }

        if (left <= state.FollowUpsBefore)
        {
            return Tomorrow(MoveReason.Cap, AlsoRefused.FirstMails);
        }

        var before = state.FollowUpsBefore + state.EarlierMails;
        if (limits.MinGap is { } gap)
        {
            var free = (state.Sent.LastAt is { } last && last + gap > now ? last + gap : now) + (gap * before);
            if (free > now)
            {
                return new(new(MoveReason.Gap, free), state.FollowUpsBefore > 0 ? AlsoRefused.FirstMails : AlsoRefused.All);
            }
        }

        return left <= before ? new(new(MoveReason.Cap, now + WaitForEarlier), AlsoRefused.Undecided) : null;

        QuotaRefusal Tomorrow(MoveReason reason, AlsoRefused also) => new(new(reason, limits.NextDay(now)), also);
    }

    /// <summary>
    /// Why the operator's ceiling on an owner's messages of a channel does not allow another one now; null when it does. Days are in UTC.
    /// <c>SqlCeilings</c> repeats the condition in SQL; <c>CeilingRuleTests</c> compares both.
    /// </summary>
    /// <param name="perDay">The ceiling; null when there is none.</param>
    /// <param name="taken">The number of messages of the day, sent or being sent.</param>
    public static Move? AtCeiling(int? perDay, int taken, DateTimeOffset now) =>
        taken >= (perDay ?? int.MaxValue) ? new Move(MoveReason.Ceiling, new(now.UtcDateTime.Date.AddDays(1), TimeSpan.Zero)) : null;
}
