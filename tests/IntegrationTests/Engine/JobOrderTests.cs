using FollowUp.Infrastructure.Instances;
using FollowUp.IntegrationTests.Support;

namespace FollowUp.IntegrationTests.Engine;

/// <summary>The order of jobs exists in SQL (<see cref="JobOrder"/>) and in C# (<see cref="JobSortKey"/>).</summary>
public sealed class JobOrderTests(TestDatabase database) : EngineTest(database)
{
    private const string Jobs = "unnest($1, $2, $3, $4) AS step_job (due_at, is_first, in_line_since, id)";

    [Fact]
    public async Task PostgreSQL_and_the_sort_key_order_generated_jobs_alike()
    {
        var keys = Generate(new Random(1));

        var sorted = await Database.ReadAll<Guid>($"SELECT id FROM {Jobs} ORDER BY {JobOrder.Sql}", Columns(keys));

        var left = keys.ToHashSet();
        foreach (var id in sorted)
        {
            var first = JobSortKey.First(left);
            first.Id.ShouldBe(id);
            left.Remove(first);
        }
    }

    [Fact]
    public async Task A_stored_position_continues_after_the_same_jobs()
    {
        var keys = Generate(new Random(2));
        foreach (var position in keys.Take(20).Select(key => StoredSortKey.Read(StoredSortKey.Write(key))))
        {
            var after = await Database.Read<long>(
                $"SELECT count(*) FROM {Jobs} WHERE ({JobOrder.Sql}) > ($5, $6, $7, $8)",
                [.. Columns(keys), position.DueAt, position.IsFirst, position.InLineSince, position.Id]
            );

            after.ShouldBe(keys.Count(key => key != position && JobSortKey.First([position, key]) == position));
        }
    }

    /// <summary>Few distinct values in each part of the key, so that every part decides the order of some jobs.</summary>
    private static List<JobSortKey> Generate(Random random)
    {
        var noon = new DateTime(2026, 1, 31, 12, 0, 0, DateTimeKind.Utc);
        return [.. Enumerable.Range(0, 300).Select(_ => new JobSortKey(Instant(), random.Next(2) == 0, Instant(), Id()))];

        DateTime Instant() => noon.AddMicroseconds(random.Next(4));

        Guid Id()
        {
            // Every byte, and both values of its highest bit, can decide.
            var bytes = new byte[16];
            bytes[random.Next(16)] = (byte)random.Next(256);
            random.NextBytes(bytes.AsSpan(random.Next(16)));
            return new Guid(bytes, bigEndian: true);
        }
    }

    private static object[] Columns(List<JobSortKey> keys) =>
        [
            keys.ConvertAll(key => key.DueAt).ToArray(),
            keys.ConvertAll(key => key.IsFirst).ToArray(),
            keys.ConvertAll(key => key.InLineSince).ToArray(),
            keys.ConvertAll(key => key.Id).ToArray(),
        ];
}
