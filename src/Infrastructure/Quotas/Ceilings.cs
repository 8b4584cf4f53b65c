namespace FollowUp.Infrastructure.Quotas;

/// <summary>The operator's limits for each owner, independent of the owner's own limits. Days are in UTC.</summary>
/// <param name="MailsPerDay">Maximum number of mails per day; null means unlimited.</param>
/// <param name="SmsPerDay">Maximum number of text messages per day; null means unlimited.</param>
/// <param name="SmsCountryCodes">The calling codes, such as <c>+49</c>, that text messages may be sent to; empty means all.</param>
internal sealed record Ceilings(int? MailsPerDay, int? SmsPerDay, IReadOnlyList<string> SmsCountryCodes)
{
    private const string CountriesKey = "Ceilings:SmsCountryCodes";
    private const int Most = 100_000_000;
    private const int LongestCode = 4;

    public static Ceilings None { get; } = new(null, null, []);

    /// <exception cref="SettingException">A setting is invalid.</exception>
    public static Ceilings Read(IConfiguration settings) =>
        new(
            PerDay(settings, "Ceilings:MailsPerDay"),
            PerDay(settings, "Ceilings:SmsPerDay"),
            [.. settings.Words(CountriesKey).Select(code => Code(code) ?? throw Wrong(code))]
        );

    public int? PerDay(Channel channel) => channel == Channel.Sms ? SmsPerDay : MailsPerDay;

    /// <summary>No calling code is a prefix of another one, so comparing prefixes is unambiguous.</summary>
    public bool Allows(PhoneNumber number) =>
        SmsCountryCodes.Count == 0 || SmsCountryCodes.Any(code => number.Value.StartsWith(code, StringComparison.Ordinal));

    private static int? PerDay(IConfiguration settings, string key) =>
        string.IsNullOrEmpty(settings[key]) ? null : settings.Whole(key, 0, 0, Most);

    private static string? Code(string text)
    {
        var digits = text.TrimStart('+');
        return digits.Length is > 0 and <= LongestCode && digits[0] != '0' && digits.All(char.IsAsciiDigit) ? $"+{digits}" : null;
    }

    private static SettingException Wrong(string code) =>
        new(
            $"{CountriesKey} contains \"{code}\", but each entry must be a calling code such as +49 (environment variable Ceilings__SmsCountryCodes)."
        );
}
