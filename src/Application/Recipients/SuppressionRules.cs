namespace FollowUp.Application.Recipients;

internal static class SuppressionRules
{
    private static readonly IReadOnlyList<string> Reasons = new OneOfAttribute(typeof(SuppressionReasons)).Words;

    public const string ChannelRule = "must be EMAIL or SMS";
    public static readonly string ReasonRule = $"must be {string.Join(", ", Reasons.SkipLast(1))} or {Reasons[^1]}";

    public static Result NotFound => Error.NotFound("There is no such suppression.");

    public static Result MustBeConfirmed =>
        Error.Conflict(
            "confirmationRequired",
            "The recipient complained about your mail. To lift the suppression nevertheless, repeat the call with confirm=true."
        );

    public static Channel? ReadChannel(string text) =>
        text.Equals("EMAIL", StringComparison.OrdinalIgnoreCase) ? Channel.Email
        : text.Equals("SMS", StringComparison.OrdinalIgnoreCase) ? Channel.Sms
        : null;

    public static StopReason? ReadReason(string text) =>
        EnumNames.TryRead<StopReason>(text, out var reason) && Reasons.Contains(CamelNames.Of(reason)) ? reason : null;
}
