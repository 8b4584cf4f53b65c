namespace FollowUp.Application.Dispatch;

/// <summary>Why a step cannot be sent, each said once.</summary>
internal static class DispatchErrors
{
    /// <summary>The message would have holes.</summary>
    /// <param name="missing">The variables without a value.</param>
    public static string MissingVariables(IReadOnlyCollection<string> missing) =>
        missing.Count == 1
            ? $"{missing.Single()} has neither a value nor a default."
            : $"{string.Join(", ", missing)} have neither values nor defaults.";
}
