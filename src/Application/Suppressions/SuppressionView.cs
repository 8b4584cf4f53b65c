using FollowUp.Domain.Instances;
using FollowUp.Domain.Suppressions;

namespace FollowUp.Application.Suppressions;

/// <summary>A suppression as a client reads it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Channel"><c>EMAIL</c> or <c>SMS</c>.</param>
/// <param name="Address">The mail address in lower case, or the number in E.164.</param>
/// <param name="Reason"><c>unsubscribed</c>, <c>bounced</c>, <c>complained</c> or <c>manual</c>.</param>
/// <param name="CreatedAt">Since when.</param>
/// <param name="Source">Where it came from: <c>link</c>, <c>user</c>, <c>import</c> or <c>provider</c>.</param>
public sealed record SuppressionView(Guid Id, string Channel, string Address, string Reason, DateTimeOffset CreatedAt, string Source)
{
    internal static SuppressionView From(Suppression suppression) =>
        new(
            suppression.Id,
            suppression.Channel == Domain.Sequences.Channel.Sms ? "SMS" : "EMAIL",
            suppression.Channel == Domain.Sequences.Channel.Sms ? suppression.Address : EmailAddress.FromStore(suppression.Address).Display,
            Words.Of(suppression.Reason),
            suppression.CreatedAt,
            Words.Of(suppression.Source)
        );
}
