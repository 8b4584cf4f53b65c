using FollowUp.Domain.Recipients;
using FollowUp.Infrastructure.Instances;
using FollowUp.Infrastructure.Persistence;
using FollowUp.Infrastructure.Quotas;
using FollowUp.UnitTests.Support;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace FollowUp.UnitTests.Quotas;

public sealed class SqlSendQuotaTests
{
    [Theory]
    [InlineData(Channel.Email, false, null, false)]
    [InlineData(Channel.Sms, false, null, false)]
    [InlineData(Channel.Sms, true, null, false)]
    [InlineData(Channel.Sms, false, 5, false)]
    [InlineData(Channel.Email, true, null, true)]
    [InlineData(Channel.Email, false, 5, true)]
    public async Task Only_a_step_under_a_limit_or_a_ceiling_opens_a_connection(
        Channel channel,
        bool isLimited,
        int? mailsPerDay,
        bool opensConnection
    )
    {
        var time = new FakeTimeProvider(An.Noon);
        // Opening a connection of a disposed data source throws.
        var connections = NpgsqlDataSource.Create("Host=localhost");
        await connections.DisposeAsync();
        await using var engine = new EngineDatabase(connections);
        using var backlog = new SendBacklog(time);
        using var rescheduler = new JobRescheduler(engine, null!, null!);
        using var ceilings = new SqlCeilings(connections, engine, Ceilings.None with { MailsPerDay = mailsPerDay });
        using var quota = new SqlSendQuota(engine, backlog, rescheduler, ceilings, time);
        var step = An.ClaimOf(An.InstanceOf(An.Mail), time) with { IsLimited = isLimited };

        var taking = async () => await quota.Take(step, channel, An.Noon, CancellationToken.None);

        if (opensConnection)
        {
            await taking.ShouldThrowAsync<ObjectDisposedException>();
        }
        else
        {
            (await taking()).ShouldBe(default);
        }
    }
}
