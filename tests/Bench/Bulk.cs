using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace FollowUp.Bench;

/// <summary>Bulk enrolment of 100,000 rows by CSV, a few of them with each kind of error.</summary>
internal static class Bulk
{
    private const int Rows = 100_000;
    private const int Suppressed = 100;

    public static async Task<IEnumerable<Reading>> Run(BenchEnvironment environment, Size size)
    {
        await environment.Empty();
        using var stub = await Stub.Start(TimeSpan.Zero);
        using var node = await environment.Node(stub, ("Role", "api"));
        var sequence = await BenchEnvironment.Sequence(node);
        await BenchEnvironment.Enrol(node, sequence, 5_000, null, from: Rows);
        await environment.Sql(
            $"""
            INSERT INTO suppression (id, owner_id, channel, address, reason, created_at)
            SELECT gen_random_uuid(), u.id, 'EMAIL', 'person' || n * 7 || '@example.com', 'manual', now()
            FROM app_user u, generate_series(1, {Suppressed}) n
            """
        );
        using var body = BenchEnvironment.Csv(Rows, null);
        await environment.Sql("CHECKPOINT");
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
            await environment.Read<long>("SELECT count(*) FROM step_job") == enrolled + 5_000,
            "There is not one job per enrolled recipient"
        );
        return [new("bulk enrolment", "rows/s", Rows / took.TotalSeconds, Bar.Least(25_000))];

        int Number(string name) => view.GetProperty(name).GetInt32();
    }
}
