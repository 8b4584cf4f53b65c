using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace FollowUp.Bench;

/// <summary>Bulk enrolment of 100,000 rows by CSV, a few of them bad in each of the ways in which a row can be.</summary>
internal static class Bulk
{
    private const int Rows = 100_000;
    private const int Suppressed = 100;

    public static async Task<IEnumerable<Reading>> Run(BenchEnvironment rig, Size size)
    {
        await rig.Empty();
        using var stub = await Stub.Start(TimeSpan.Zero);
        using var node = await rig.Node(stub, ("Role", "api"));
        var sequence = await BenchEnvironment.Sequence(node);
        await BenchEnvironment.Enrol(node, sequence, 5_000, null, from: Rows);
        await rig.Sql(
            $"""
            INSERT INTO suppression (id, owner_id, channel, address, reason, created_at)
            SELECT gen_random_uuid(), u.id, 'EMAIL', 'person' || n * 7 || '@example.com', 'manual', now()
            FROM app_user u, generate_series(1, {Suppressed}) n
            """
        );
        using var body = BenchEnvironment.Csv(Rows, null);
        await rig.Sql("CHECKPOINT");
        var watch = Stopwatch.StartNew();
        var answer = await node.Http.PostAsync($"/api/sequences/{sequence}/instances/bulk", body);
        var took = watch.Elapsed;
        answer.EnsureSuccessStatusCode();
        var view = await answer.Content.ReadFromJsonAsync<JsonElement>();
        var (total, enrolled, rejected) = (Number("total"), Number("enrolled"), Number("rejected"));
        Check.That(
            (total, enrolled, rejected) == (Rows, Rows - Suppressed, Suppressed),
            $"{total} rows, {enrolled} enrolled, {rejected} rejected"
        );
        Check.That(
            await rig.Read<long>("SELECT count(*) FROM step_job") == enrolled + 5_000,
            "There is not one job for each enrolled person"
        );
        return [new("bulk enrolment", "rows/s", Rows / took.TotalSeconds, Bar.Least(25_000))];

        int Number(string name) => view.GetProperty(name).GetInt32();
    }
}
