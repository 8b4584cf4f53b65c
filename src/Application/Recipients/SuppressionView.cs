namespace FollowUp.Application.Recipients;

/// <summary>A suppression in a response.</summary>
/// <param name="Id">The id.</param>
/// <param name="Channel"><c>EMAIL</c> or <c>SMS</c>.</param>
/// <param name="Address">The mail address in lower case, or the number in E.164.</param>
/// <param name="Reason">Why it is suppressed.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="Source">The origin: <c>link</c>, <c>user</c>, <c>import</c> or <c>provider</c>.</param>
public sealed record SuppressionView(
    Guid Id,
    [property: OneOf("EMAIL", "SMS")] string Channel,
    string Address,
    [property: OneOf(typeof(SuppressionReasons))] string Reason,
    DateTimeOffset CreatedAt,
    [property: OneOf("link", "user", "import", "provider")] string Source
)
{
    internal static SuppressionView From(Suppression suppression) =>
        new(
            suppression.Id,
            suppression.Channel == FollowUp.Domain.Recipients.Channel.Sms ? "SMS" : "EMAIL",
            suppression.Channel == FollowUp.Domain.Recipients.Channel.Sms
                ? suppression.Address
                : EmailAddress.FromStore(suppression.Address).Display,
            CamelNames.Of(suppression.Reason),
            suppression.CreatedAt,
            CamelNames.Of(suppression.Source)
        );
}
