using System.Globalization;
using System.Text.RegularExpressions;

namespace FollowUp.Testing.Fakes;

/// <summary>A message that a fake provider accepted, with the values that identify it.</summary>
/// <param name="AttemptId">Its attempt; null if the provider's API has no field for it, as Twilio's.</param>
/// <param name="ProviderMessageId">The provider's id of the message, if the sender receives it.</param>
/// <param name="Text">The subject, or the text message.</param>
/// <param name="At">Instant of acceptance.</param>
public sealed record Taken(Guid? AttemptId, string? ProviderMessageId, string Text, DateTimeOffset At);

/// <summary>A fake provider of any protocol. Records the accepted messages, and can be taken down and up.</summary>
public interface IFakeProvider
{
    /// <summary>The accepted messages, oldest first.</summary>
    IEnumerable<Taken> Taken { get; }

    /// <summary>Opens a free port, or the previous one.</summary>
    Task Up();

    /// <summary>Closes the port and all connections: the next connection is refused.</summary>
    Task Down();

    /// <summary>Removes all faults.</summary>
    void Behave();
}

/// <summary>
/// A mark in a template that identifies enrolment and step in the sent message. So a test counts the provider's messages by (instance, step)
/// independently of the program's own records.
/// </summary>
public static partial class StepMark
{
    /// <summary>The variable with the key of an enrolment.</summary>
    public const string Variable = "key";

    /// <summary>The mark for the subject or the text of a step.</summary>
    /// <param name="step">The step's index.</param>
    public static string For(int step) => string.Create(CultureInfo.InvariantCulture, $"[{{{{ variables.{Variable} }}}}/{step}]");

    /// <summary>Reads the mark of a message; null if there is none.</summary>
    public static (string Key, int Step)? Read(string text) =>
        Mark().Match(text) is { Success: true } mark
            ? (mark.Groups["key"].Value, int.Parse(mark.Groups["step"].Value, CultureInfo.InvariantCulture))
            : null;

    [GeneratedRegex(@"\[(?<key>[A-Za-z0-9-]+)/(?<step>[0-9]+)\]", RegexOptions.CultureInvariant)]
    private static partial Regex Mark();
}

/// <summary>Counts the messages that fake providers accepted.</summary>
/// <param name="taken">The messages.</param>
public sealed class Ledger(IEnumerable<Taken> taken)
{
    private readonly IReadOnlyList<Taken> _taken = [.. taken];

    /// <summary>All messages.</summary>
    public IReadOnlyList<Taken> All => _taken;

    /// <summary>Number of messages by attempt, without text messages, which have no attempt id.</summary>
    public IReadOnlyDictionary<Guid, int> ByAttempt =>
        _taken.Where(t => t.AttemptId is not null).GroupBy(t => t.AttemptId!.Value).ToDictionary(g => g.Key, g => g.Count());

    /// <summary>Number of messages by enrolment and step, according to their <see cref="StepMark"/>.</summary>
    public IReadOnlyDictionary<(string Key, int Step), int> ByStep =>
        _taken
            .Select(t => StepMark.Read(t.Text))
            .OfType<(string Key, int Step)>()
            .GroupBy(step => step)
            .ToDictionary(g => g.Key, g => g.Count());

    /// <summary>Collects the messages that the providers have accepted so far.</summary>
    public static Ledger Of(params IEnumerable<IFakeProvider> providers) => new(providers.SelectMany(provider => provider.Taken));
}
