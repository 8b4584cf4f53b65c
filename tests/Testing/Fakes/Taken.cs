using System.Globalization;
using System.Text.RegularExpressions;

namespace FollowUp.Testing.Fakes;

/// <summary>A message that a fake provider took, reduced to what it is counted by.</summary>
/// <param name="AttemptId">The try that it names; null where the provider's API has no place for it, as Twilio's.</param>
/// <param name="ProviderMessageId">The name that the message has at the provider, as far as the sender gets to know it.</param>
/// <param name="Text">The subject, or the text message.</param>
/// <param name="At">When it was taken.</param>
public sealed record Taken(Guid? AttemptId, string? ProviderMessageId, string Text, DateTimeOffset At);

/// <summary>A fake provider, whichever protocol it speaks: counts what it took, and goes down and comes back.</summary>
public interface IFakeProvider
{
    /// <summary>What it took, oldest first.</summary>
    IEnumerable<Taken> Taken { get; }

    /// <summary>Opens the port: a free one first, and the same one ever after.</summary>
    Task Up();

    /// <summary>Closes the port and every connection, at once: the next connection is refused.</summary>
    Task Down();

    /// <summary>Forgets every misbehaviour that was asked for.</summary>
    void Behave();
}

/// <summary>
/// Says in a template which step of which enrolment a message is, in words that end up in the message itself. So a provider can count by
/// (instance, step) without asking the program under test what it believes to have sent.
/// </summary>
public static partial class StepMark
{
    /// <summary>The variable of an enrolment that names it.</summary>
    public const string Variable = "key";

    /// <summary>What to put into the subject or the text of a step.</summary>
    /// <param name="step">The step's index.</param>
    public static string For(int step) => string.Create(CultureInfo.InvariantCulture, $"[{{{{ variables.{Variable} }}}}/{step}]");

    /// <summary>Reads a mark out of a message; null when there is none.</summary>
    public static (string Key, int Step)? Read(string text) =>
        Mark().Match(text) is { Success: true } mark
            ? (mark.Groups["key"].Value, int.Parse(mark.Groups["step"].Value, CultureInfo.InvariantCulture))
            : null;

    [GeneratedRegex(@"\[(?<key>[A-Za-z0-9-]+)/(?<step>[0-9]+)\]", RegexOptions.CultureInvariant)]
    private static partial Regex Mark();
}

/// <summary>What fake providers took, counted.</summary>
/// <param name="taken">The messages.</param>
public sealed class Ledger(IEnumerable<Taken> taken)
{
    private readonly IReadOnlyList<Taken> _taken = [.. taken];

    /// <summary>All of them.</summary>
    public IReadOnlyList<Taken> All => _taken;

    /// <summary>How many messages each try made a provider take. Text messages name no try and are not among them.</summary>
    public IReadOnlyDictionary<Guid, int> ByAttempt =>
        _taken.Where(t => t.AttemptId is not null).GroupBy(t => t.AttemptId!.Value).ToDictionary(g => g.Key, g => g.Count());

    /// <summary>How many messages were taken for each step of each enrolment, by the <see cref="StepMark"/> in them.</summary>
    public IReadOnlyDictionary<(string Key, int Step), int> ByStep =>
        _taken
            .Select(t => StepMark.Read(t.Text))
            .OfType<(string Key, int Step)>()
            .GroupBy(step => step)
            .ToDictionary(g => g.Key, g => g.Count());

    /// <summary>Counts what some providers have taken so far.</summary>
    public static Ledger Of(params IEnumerable<IFakeProvider> providers) => new(providers.SelectMany(provider => provider.Taken));
}
