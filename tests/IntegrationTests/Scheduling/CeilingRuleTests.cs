using FollowUp.Domain.Accounts;
using FollowUp.Domain.Quotas;
using FollowUp.Domain.Recipients;
using FollowUp.Infrastructure.Persistence;
using FollowUp.Infrastructure.Quotas;
using FollowUp.IntegrationTests.Support;
using Npgsql;

namespace FollowUp.IntegrationTests.Scheduling;

/// <summary>
/// The condition of <see cref="SqlCeilings"/> in SQL and <see cref="SendQuota.AtCeiling"/> agree over generated ceilings and counts.
/// </summary>
public sealed class CeilingRuleTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const int Cases = 200;

    [Fact]
    public async Task A_ceiling_refuses_in_SQL_exactly_when_the_rule_refuses()
    {
        await using var engine = new EngineDatabase(NpgsqlDataSource.Create(database.ConnectionString));
        var owners = await database.ReadAll<Guid>(
            """
            INSERT INTO app_user (id, issuer, subject, created_at)
            SELECT gen_random_uuid(), 'urn:test', n::text, now() FROM generate_series(1, $1) n RETURNING id
            """,
            Cases
        );
        var (random, now, refusals) = (new Random(1), new DateTimeOffset(2026, 3, 28, 12, 0, 0, TimeSpan.Zero), 0);
        foreach (var owner in owners.Select(id => new OwnerId(id)))
        {
            var channel = random.Next(2) == 0 ? Channel.Email : Channel.Sms;
            int? perDay = random.Next(8) == 0 ? null : random.Next(5);
            // Without a count there is no row.
            var taken = random.Next(6);
            await database.Execute(
                "INSERT INTO ceiling_count (owner_id, channel, day, taken) SELECT $1, $2, (now() AT TIME ZONE 'UTC')::date, $3 WHERE $3 > 0",
                owner.Value,
                channel == Channel.Email ? "EMAIL" : "SMS",
                taken
            );
            // The other channel has its own ceiling, which must not count here.
            int? ofOther = random.Next(8) == 0 ? null : random.Next(5);
            var ofChannels = channel == Channel.Email ? new Ceilings(perDay, ofOther, []) : new Ceilings(ofOther, perDay, []);
            using var ceilings = new SqlCeilings(database.DataSource, engine, ofChannels);

            var refused = await ceilings.Take(owner, channel, now, CancellationToken.None);

            var expected = SendQuota.AtCeiling(perDay, taken, now);
            refused.ShouldBe(expected, $"{channel}, ceiling {perDay}, {taken} messages");
            var counted = await database.Read<int>(
                "SELECT coalesce(sum(taken), 0)::int FROM ceiling_count WHERE owner_id = $1",
                owner.Value
            );
            counted.ShouldBe(expected is null && perDay is not null ? taken + 1 : taken);
            refusals += refused is null ? 0 : 1;
        }

        refusals.ShouldBeInRange(Cases / 4, Cases * 3 / 4);
    }
}
