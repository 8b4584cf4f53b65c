using System.Diagnostics;

namespace FollowUp.Bench;

/// <summary>From the instant at which a step is due to its acceptance by the provider: 50 steps a second, scheduled ahead, default settings.</summary>
internal static class DueLatency
{
    private const int PerSecond = 50;
    private const int WarmUp = 200;

    public static async Task<IEnumerable<Reading>> Run(BenchEnvironment rig, Size size)
    {
        await rig.Empty();
        using var stub = await Stub.Start(TimeSpan.Zero);
        using var node = await rig.Node(stub);
        var sequence = await BenchEnvironment.Sequence(node, mails: 1);
        var people = PerSecond * (size.Runs > 1 ? 40 : 15);
        var first = DateTimeOffset.UtcNow.AddSeconds(4);
        await BenchEnvironment.Enrol(node, sequence, people, number => first.AddSeconds(number / (double)PerSecond));
        using var disk = new DiskProbe();
        await rig.UntilDone(stub, people, Stopwatch.StartNew());
        var flushes = await disk.Stop();

        var due = await Due(rig);
        var late = (await stub.Mails())
            .SelectMany(mails => mails.Select(at => (Number: due[mails.Key], At: at)))
            .Where(mail => mail.Number >= WarmUp)
            .Select(mail => (mail.At - first.AddSeconds(mail.Number / (double)PerSecond)).TotalMilliseconds)
            .Order()
            .ToList();
        Check.That(late.Count == people - WarmUp, $"{late.Count} of {people - WarmUp} mails were sent");
        Check.That(late[0] >= 0, $"A mail was sent {-late[0]} ms before it was due");
        return
        [
            new("due to accepted, p50", "ms", late[late.Count / 2], Bar.Most(10)),
            new("due to accepted, p99", "ms", late[late.Count * 99 / 100], Bar.Most(50)),
            new("meanwhile: a commit of 8 KiB on this disk, p99", "ms", flushes[flushes.Count * 99 / 100]),
            new("meanwhile: a commit of 8 KiB on this disk, longest", "ms", flushes[^1]),
        ];
    }

    /// <summary>Each instance's person's number, which says when it was due.</summary>
    private static async Task<Dictionary<Guid, int>> Due(BenchEnvironment rig)
    {
        await using var command = rig.Database.CreateCommand("SELECT id, substring(email FROM '[0-9]+')::int FROM instance");
        await using var reader = await command.ExecuteReaderAsync();
        Dictionary<Guid, int> numbers = [];
        while (await reader.ReadAsync())
        {
            numbers[reader.GetGuid(0)] = reader.GetInt32(1);
        }

        return numbers;
    }
}
