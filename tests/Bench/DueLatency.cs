using System.Diagnostics;

namespace FollowUp.Bench;

/// <summary>From the instant at which a step is due to its acceptance by the provider: 50 steps a second, scheduled ahead, default settings.</summary>
internal static class DueLatency
{
    private const int PerSecond = 50;
    private const int WarmUp = 200;

    public static async Task<IEnumerable<Reading>> Run(BenchEnvironment environment, Size size)
    {
        await environment.Empty();
        using var stub = await Stub.Start(TimeSpan.Zero);
        using var node = await environment.Node(stub);
        var sequence = await BenchEnvironment.Sequence(node, mails: 1);
        var recipients = PerSecond * (size.Runs > 1 ? 40 : 15);
        var first = DateTimeOffset.UtcNow.AddSeconds(4);
        await BenchEnvironment.Enrol(node, sequence, recipients, number => first.AddSeconds(number / (double)PerSecond));
        using var disk = new DiskProbe();
        await environment.UntilDone(stub, recipients, Stopwatch.StartNew());
        var flushes = await disk.Stop();

        var due = await Due(environment);
        var late = (await stub.Mails())
            .SelectMany(mails => mails.Select(at => (Number: due[mails.Key], At: at)))
            .Where(mail => mail.Number >= WarmUp)
            .Select(mail => (mail.At - first.AddSeconds(mail.Number / (double)PerSecond)).TotalMilliseconds)
            .Order()
            .ToList();
        Check.That(late.Count == recipients - WarmUp, $"{late.Count} of {recipients - WarmUp} mails were sent");
        Check.That(late[0] >= 0, $"A mail was sent {-late[0]} ms before it was due");
        return
        [
            new("due to accepted, p50", "ms", late[late.Count / 2], Bar.Most(10)),
            new("due to accepted, p99", "ms", late[late.Count * 99 / 100], Bar.Most(50)),
            new("meanwhile: a commit of 8 KiB on this disk, p99", "ms", flushes[flushes.Count * 99 / 100]),
            new("meanwhile: a commit of 8 KiB on this disk, longest", "ms", flushes[^1]),
        ];
    }

    /// <summary>The recipient number of each instance, which determines its due instant.</summary>
    private static async Task<Dictionary<Guid, int>> Due(BenchEnvironment environment)
    {
        await using var command = environment.Database.CreateCommand("SELECT id, substring(email FROM '[0-9]+')::int FROM instance");
        await using var reader = await command.ExecuteReaderAsync();
        Dictionary<Guid, int> numbers = [];
        while (await reader.ReadAsync())
        {
            numbers[reader.GetGuid(0)] = reader.GetInt32(1);
        }

        return numbers;
    }
}
