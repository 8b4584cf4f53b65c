using System.Globalization;
using System.Xml;

namespace FollowUp.Infrastructure;

/// <summary>Reads settings, and reports an invalid one in a single sentence.</summary>
public static class Settings
{
    private const int MostDeferrals = 30;

    /// <summary>Half of RFC 5321's "at least 4-5 days" before a sender gives up.</summary>
    private static readonly TimeSpan LongestDeferral = TimeSpan.FromDays(2);

    /// <summary>Reads the engine's settings.</summary>
    public static DispatchOptions Dispatch(IConfiguration settings)
    {
        var defaults = new DispatchOptions();
        return defaults with
        {
            Lanes = settings.Whole("Dispatcher:Lanes", defaults.Lanes, 1, 10_000),
            PollInterval = settings.Duration("Dispatcher:PollInterval", defaults.PollInterval, TimeSpan.FromMilliseconds(10)),
            Lease = settings.Duration("Dispatcher:Lease", defaults.Lease, TimeSpan.FromSeconds(1)),
            RenewInterval = settings.Duration("Dispatcher:RenewInterval", defaults.RenewInterval, TimeSpan.FromMilliseconds(100)),
            SweepInterval = settings.Duration("Dispatcher:SweepInterval", defaults.SweepInterval, TimeSpan.FromMilliseconds(100)),
            DrainTimeout = settings.Duration("Dispatcher:DrainTimeout", defaults.DrainTimeout, TimeSpan.Zero),
            MaxLateness = settings.Duration("Dispatcher:MaxLateness", defaults.MaxLateness, TimeSpan.Zero),
            Backlog = new() { PerSecond = settings.Whole("Dispatcher:BacklogPerSecond", defaults.Backlog.PerSecond, 1, 1_000_000) },
            RecoveryPerSecond = settings.Whole("Dispatcher:RecoveryPerSecond", defaults.RecoveryPerSecond, 1, 1_000_000),
            AcceptedRetention = settings.Duration("Dispatcher:AcceptedRetention", defaults.AcceptedRetention, TimeSpan.Zero),
            FailedRetention = settings.Duration("Dispatcher:FailedRetention", defaults.FailedRetention, TimeSpan.Zero),
            Retry = new RetryPolicy(
                settings.Whole("Retry:MaxRetries", defaults.Retry.MaxRetries, 0, 100),
                settings.Duration("Retry:BaseDelay", defaults.Retry.BaseDelay, TimeSpan.Zero),
                settings.Fraction("Retry:Jitter", defaults.Retry.Jitter)
            )
            {
                Deferrals = settings.Durations("Smtp:RetrySchedule", defaults.Retry.Deferrals, MostDeferrals, LongestDeferral),
            },
            DoubtGrace = settings.Duration("InDoubt:Grace", defaults.DoubtGrace, TimeSpan.Zero),
            ResendDoubts = settings.Choice("InDoubt:OnNoEvidence", "hold", "hold", "resend") == "resend",
        };
    }

    /// <summary>Reads the settings of operations.</summary>
    public static OperationOptions Operations(IConfiguration settings)
    {
        var defaults = new OperationOptions();
        return new OperationOptions
        {
            SharePercent = settings.Whole("Operations:SharePercent", defaults.SharePercent, 1, 100),
            Retention = settings.Duration("Operations:Retention", defaults.Retention, TimeSpan.Zero),
        };
    }

    /// <summary>Reads one of several allowed values, ignoring case.</summary>
    public static string Choice(this IConfiguration settings, string key, string standard, params string[] words)
    {
        var given = settings[key];
        return string.IsNullOrEmpty(given)
            ? standard
            : words.FirstOrDefault(word => string.Equals(word, given, StringComparison.OrdinalIgnoreCase))
                ?? throw Wrong(key, given, $"one of {string.Join(", ", words)}");
    }

    /// <summary>Reads a list: separated by commas or semicolons, or one entry per index (<c>Key:0</c>, <c>Key:1</c>).</summary>
    public static IReadOnlyList<string> Words(this IConfiguration settings, string key) =>
        [
            .. (settings.GetSection(key).Get<string[]>() ?? [settings[key] ?? ""]).SelectMany(entry =>
                entry.Split([',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            ),
        ];

    /// <summary>Reads a whole number within bounds.</summary>
    public static int Whole(this IConfiguration settings, string key, int standard, int least, int most)
    {
        var given = settings[key];
        return string.IsNullOrEmpty(given) ? standard
            : int.TryParse(given, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= least
            && number <= most
                ? number
            : throw Wrong(key, given, $"a whole number from {least} to {most}");
    }

    private static double Fraction(this IConfiguration settings, string key, double standard)
    {
        var given = settings[key];
        return string.IsNullOrEmpty(given) ? standard
            : double.TryParse(given, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= 1 ? number
            : throw Wrong(key, given, "a number from 0 to 1");
    }

    /// <summary>
    /// Reads a duration: <c>00:00:01.5</c>, <c>PT1.5S</c>, or a number with <c>ms</c>, <c>s</c>, <c>m</c>, <c>min</c>, <c>h</c> or <c>d</c>.
    /// </summary>
    internal static TimeSpan Duration(this IConfiguration settings, string key, TimeSpan standard, TimeSpan least)
    {
        var given = settings[key];
        return string.IsNullOrEmpty(given) ? standard
            : Parse(given.Trim()) is { } duration && duration >= least ? duration
            : throw Wrong(key, given, $"a duration such as 00:00:01, PT1S or 1s, at least {least}");
    }

    private static IReadOnlyList<TimeSpan> Durations(
        this IConfiguration settings,
        string key,
        IReadOnlyList<TimeSpan> standard,
        int most,
        TimeSpan longest
    )
    {
        var given = settings[key];
        if (string.IsNullOrEmpty(given))
        {
            return standard;
        }

        TimeSpan?[] durations = [.. given.Split(',').Select(each => Parse(each.Trim()))];
        return durations.Length <= most && Array.TrueForAll(durations, each => each > TimeSpan.Zero && each <= longest)
            ? [.. durations.Select(each => each!.Value)]
            : throw Wrong(
                key,
                given,
                $"at most {most} durations with commas between them, such as 5min,30min,2h, each at most {longest.TotalDays} days"
            );
    }

    private static TimeSpan? Parse(string text)
    {
        var number = text.TrimEnd([.. "abcdefghijklmnopqrstuvwxyz "]);
        TimeSpan? unit = text[number.Length..].Trim() switch
        {
            "ms" => TimeSpan.FromMilliseconds(1),
            "s" => TimeSpan.FromSeconds(1),
            "m" or "min" => TimeSpan.FromMinutes(1),
            "h" => TimeSpan.FromHours(1),
            "d" => TimeSpan.FromDays(1),
            _ => null,
        };
        if (unit is { } length)
        {
            return double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var count) && Math.Abs(count) < 1_000_000
                ? length * count
                : null;
        }

        if (text.StartsWith('P'))
        {
            try
            {
                return XmlConvert.ToTimeSpan(text);
            }
            catch (Exception failure) when (failure is FormatException or OverflowException)
            {
                return null;
            }
        }

        // A bare number would be read as days, which is never intended.
        return text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span)
            ? span
            : null;
    }

    private static SettingException Wrong(string key, string given, string wanted) =>
        new($"{key} is \"{given}\", but must be {wanted} (environment variable {key.Replace(":", "__", StringComparison.Ordinal)}).");
}
