namespace FollowUp.Domain.Quotas;

/// <summary>An owner's counted mails.</summary>
/// <param name="Day">The last day with a counted mail, in the time zone of the owner's limits.</param>
/// <param name="Taken">The number of mails of that day, sent or being sent.</param>
/// <param name="LastAt">When the last one was counted; null before the first.</param>
public readonly record struct SendCount(DateOnly Day, int Taken, DateTimeOffset? LastAt)
{
    /// <summary>The mails that count on a day. Those of a later day count too, so a clock that is behind never exceeds the later day's cap.</summary>
    public int On(DateOnly day) => Day >= day ? Taken : 0;

    /// <summary>The count with one more mail.</summary>
    public SendCount Plus(DateOnly day, DateTimeOffset at) => new(Day > day ? Day : day, On(day) + 1, at);
}
