namespace FollowUp.Application.Delivery;

internal static class DispatchErrors
{
    private const int LongestNames = 200;

    /// <summary>The operator's settings exclude the number's country.</summary>
    public const string SmsCountryForbidden =
        "The operator of this program does not allow text messages to this number's country (Ceilings:SmsCountryCodes).";

    /// <summary>The same as a code for the event.</summary>
    public const string SmsCountryForbiddenCode = "smsCountryForbidden";

    /// <summary>The message would have gaps.</summary>
    /// <param name="missing">The variables without a value.</param>
    public static string MissingVariables(IReadOnlyCollection<string> missing) =>
        missing.Count == 1 ? $"{Names(missing)} has neither a value nor a default." : $"{Names(missing)} have neither values nor defaults.";

    /// <summary>The same as a code for the event: names chosen by the author of the template, without values of a recipient.</summary>
    /// <param name="missing">The variables without a value.</param>
    public static string MissingVariablesCode(IReadOnlyCollection<string> missing) => $"missingVariables: {Names(missing)}";

    /// <summary>The author of the template chooses the names, so their length and number are unbounded.</summary>
    private static string Names(IReadOnlyCollection<string> missing)
    {
        var names = new StringBuilder();
        foreach (var name in missing.TakeWhile(_ => names.Length <= LongestNames))
        {
            names.Append(names.Length == 0 ? "" : ", ").Append(name.AsSpan(0, Math.Min(name.Length, LongestNames + 1)));
        }

        return StorableText.Of(names.Length <= LongestNames ? names.ToString() : $"{names.ToString(0, LongestNames)} …");
    }
}
