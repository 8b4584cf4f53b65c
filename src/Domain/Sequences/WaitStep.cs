using System.Globalization;
using System.Text.RegularExpressions;

namespace FollowUp.Domain.Sequences;

/// <summary>Waits. The author specifies the duration as <see cref="DelayDays"/>, <see cref="BusinessDays"/> or <see cref="DelayText"/>.</summary>
public sealed partial record WaitStep : Step
{
    /// <summary>The longest wait.</summary>
    public static readonly TimeSpan LongestDelay = TimeSpan.FromDays(365);

    /// <summary>The longest wait in business days: one year.</summary>
    public const int MostBusinessDays = 260;

    private WaitStep(TimeSpan delay, decimal? delayDays, string? delayText, int? businessDays = null)
    {
        Delay = delay;
        DelayDays = delayDays;
        BusinessDays = businessDays;
        DelayText = delayText;
    }

    /// <inheritdoc/>
    public override StepType Type => StepType.Wait;

    /// <inheritdoc/>
    public override TimeSpan Delay { get; }

    /// <summary>The wait in days of 86,400,000 ms each; null when specified differently.</summary>
    public decimal? DelayDays { get; }

    /// <summary>The wait in business days of the sequence's schedule; null when specified differently.</summary>
    public int? BusinessDays { get; }

    /// <summary>The wait as an ISO 8601 duration as written; null when specified differently.</summary>
    public string? DelayText { get; }

    /// <summary>Creates a wait in days.</summary>
    /// <param name="days">From 0 to 365.</param>
    /// <returns>The step; null when the delay is out of range.</returns>
    public static WaitStep? OfDays(decimal days) =>
        days is < 0 or > 365 ? null : new WaitStep(TimeSpan.FromTicks((long)(days * TimeSpan.TicksPerDay)), days, null);

    /// <summary>Creates a wait in business days.</summary>
    /// <param name="days">From 0 to <see cref="MostBusinessDays"/>.</param>
    /// <returns>The step; null when the number is out of range.</returns>
    public static WaitStep? OfBusinessDays(int days) =>
        days is < 0 or > MostBusinessDays ? null : new WaitStep(TimeSpan.FromDays(days), null, null, days);

    /// <summary>Creates a wait from an ISO 8601 duration.</summary>
    /// <param name="text">Such as <c>PT36H</c>, <c>P2W</c> or <c>P1DT30M</c>, without years and months, whose lengths vary. At most 365 days.</param>
    /// <returns>The step; null when the text is not such a duration or is out of range.</returns>
    public static WaitStep? Of(string text) => Parse(text) is { } delay && delay <= LongestDelay ? new WaitStep(delay, null, text) : null;

    private static TimeSpan? Parse(string text)
    {
        var match = IsoDuration().Match(text);
        if (!match.Success)
        {
            return null;
        }

        // At most nine digits per part, computed in decimal, so nothing here can overflow.
        decimal Part(string name) =>
            match.Groups[name] is { Success: true } group ? decimal.Parse(group.Value, CultureInfo.InvariantCulture) : 0;
        var seconds = (Part("w") * 604_800) + (Part("d") * 86_400) + (Part("h") * 3_600) + (Part("m") * 60) + Part("s");
        return seconds > (decimal)LongestDelay.TotalSeconds ? null : TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond));
    }

    [GeneratedRegex(
        @"^P(?=[0-9T])(?:(?<w>[0-9]{1,9})W|(?:(?<d>[0-9]{1,9})D)?(?:T(?=[0-9])(?:(?<h>[0-9]{1,9})H)?(?:(?<m>[0-9]{1,9})M)?(?:(?<s>[0-9]{1,9}(?:\.[0-9]{1,6})?)S)?)?)\z",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex IsoDuration();
}
