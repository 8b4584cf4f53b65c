using FollowUp.Application;
using FollowUp.IntegrationTests.Support;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.IntegrationTests.Limits;

/// <summary>
/// Pages of every list end before they are larger than 4 MiB. The rows are written by SQL, larger than the API takes them today: a field whose
/// limit is raised later keeps its list within the bound.
/// </summary>
public sealed class ListBytesTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const int MostBytes = 4 * 1024 * 1024;
    private const int Rows = 150;

    /// <summary>Compresses well, so that it fits into indexes.</summary>
    private const string Long = "repeat('x', 40000)";

    /// <summary>Lists with a separate test (<see cref="PageLimitTests"/>) or without a large field (versions).</summary>
    private static readonly string[] Elsewhere =
    [
        "/api/sequences",
        "/api/instances",
        "/api/events",
        "/api/instances/{id:guid}/events",
        "/api/sequences/{id:guid}/versions",
    ];

    /// <summary>Each other list with a statement that fills it; <c>$1</c> is the owner, <c>$2</c> a sequence.</summary>
    private static readonly Dictionary<string, string> Fill = new()
    {
        ["/api/operations"] = $"""
            INSERT INTO operation (id, owner_id, kind, state, parameters, done, refused, refused_by, errors, last_error, walked, deferred, created_at,
                                   served_at, run_after, failures, finished_at, actor_kind, revision)
            SELECT gen_random_uuid(), $1, 'reschedule', 'completed', '{"{}"}', 0, 0, '{"{}"}', 0, {Long}, true, '{"{}"}', now(), now(), now(), 0, now(),
                   'user', 1
            FROM generate_series(1, {Rows}) WHERE $2::uuid IS NOT NULL
            """,
        ["/api/operator/users"] = $"""
            INSERT INTO app_user (id, issuer, subject, created_at)
            SELECT gen_random_uuid(), 'urn:long', n || {Long}, now() FROM generate_series(1, {Rows}) n WHERE $1::uuid IS NOT NULL AND $2::uuid IS NOT NULL
            """,
        ["/api/suppressions"] = $"""
            INSERT INTO suppression (id, owner_id, channel, address, reason, created_at)
            SELECT gen_random_uuid(), $1, 'EMAIL', n || {Long} || '@example.com', 'manual', now() FROM generate_series(1, {Rows}) n
            WHERE $2::uuid IS NOT NULL
            """,
        ["/api/keys"] = $"""
            INSERT INTO api_key (id, owner_id, name, hash, hint, read_only, kind, created_at)
            SELECT gen_random_uuid(), $1, {Long}, sha256(n::text::bytea), 'h', true, 'live', now() FROM generate_series(1, {Rows}) n
            WHERE $2::uuid IS NOT NULL
            """,
        ["/api/calendars"] = $"""
            INSERT INTO calendar (id, owner_id, name, dates, names, revision, created_at, updated_at)
            SELECT gen_random_uuid(), $1, 'c' || n, ARRAY['2030-05-01'::date], ARRAY[{Long}], 1, now(), now() FROM generate_series(1, {Rows}) n
            WHERE $2::uuid IS NOT NULL
            """,
        ["/api/sequences/{id:guid}/migrations"] = $"""
            INSERT INTO sequence_migration (id, owner_id, sequence_id, version, policy, map, state, total, moved, ended, stayed, in_doubt, failed, walked,
                                            deferred, revision, created_at, updated_at, completed_at, run_after, failures)
            SELECT gen_random_uuid(), $1, $2, 1, 'map', jsonb_build_object({Long}, 'y'), 'completed', 0, 0, 0, 0, 0, 0, true, '{"{}"}', 1, now(), now(), now(), now(), 0
            FROM generate_series(1, {Rows})
            """,
        ["/api/sandbox/messages"] = $"""
            INSERT INTO sandbox.sandbox_message (id, attempt_id, channel, sender, recipient, subject, text, headers, at)
            SELECT gen_random_uuid(), gen_random_uuid(), 'EMAIL', 's', 'r', 's', 't', jsonb_build_object('X-Long', {Long}), now()
            FROM generate_series(1, {Rows}) WHERE $1::uuid IS NOT NULL AND $2::uuid IS NOT NULL
            """,
    };

    [Fact]
    public async Task Every_list_limits_pages_to_4_MiB_without_omitting_rows()
    {
        await using var program = await OwnProgram.Start(database, ("RateLimit:Burst", "10000"));
        var alice = await program.As("alice");
        var owner = Guid.Parse((await alice.Get("/api/me")).Json["id"]!.ToString());
        var sequence = (await alice.Sequence("""{"name":"n","steps":[{"type":"EMAIL"}]}""")).Split('/')[^1];
        var key = (await alice.Post("/api/keys", """{"name":"k","kind":"sandbox"}""")).ShouldBe(201).Json["key"]!.ToString();
        var box = program.With("X-Api-Key", key);
        (await box.Get("/api/sandbox/clock")).ShouldBe(200);

        Lists(program)
            .Except(Elsewhere)
            .ShouldBe(Fill.Keys, ignoreOrder: true, "These lists have no rows that test their pages, or are gone.");
        foreach (var (list, fill) in Fill)
        {
            await database.Execute(fill.Replace("sandbox.", $"sandbox_{owner:N}.", StringComparison.Ordinal), owner, Guid.Parse(sequence));

            var (ids, pages) = await Follow(
                list.Contains("/sandbox/", StringComparison.Ordinal) ? box : alice,
                list.Replace("{id:guid}", sequence, StringComparison.Ordinal)
            );

            ids.Count.ShouldBeGreaterThanOrEqualTo(Rows, list);
            ids.Distinct().Count().ShouldBe(ids.Count, list);
            pages.ShouldBeGreaterThan(1, list);
        }
    }

    private static IEnumerable<string> Lists(OwnProgram program) =>
        program
            .Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Where(route =>
                route
                    .Metadata.OfType<IProducesResponseTypeMetadata>()
                    .Any(response => response.Type is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(Page<>))
            )
            .Select(route => route.RoutePattern.RawText!);

    private static async Task<(List<string> Ids, int Pages)> Follow(Client client, string path)
    {
        List<string> ids = [];
        string? cursor = null;
        for (var pages = 1; ; pages++)
        {
            var page = (await client.Get($"{path}?limit=200{(cursor is null ? "" : $"&cursor={cursor}")}")).ShouldBe(200);
            page.Text.Length.ShouldBeLessThan(MostBytes, path);
            ids.AddRange(page.Json["items"]!.AsArray().Select(item => item!["id"]!.ToString()));
            cursor = page.Json["nextCursor"]?.ToString();
            if (cursor is null)
            {
                return (ids, pages);
            }
        }
    }
}
