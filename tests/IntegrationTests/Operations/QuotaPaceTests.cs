using FollowUp.Application.Operations;
using FollowUp.Application.Quotas;
using FollowUp.Domain.Operations;
using FollowUp.Infrastructure.Operations;
using FollowUp.IntegrationTests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.IntegrationTests.Operations;

/// <summary>The work that a change of limits causes when its mails are claimed.</summary>
public sealed class QuotaPaceTests(TestDatabase database) : EngineTest(database)
{
    private const string FreeAfterASecond = "SELECT free_at > clock_timestamp() + interval '1 s' FROM operation_pace";

    [Fact]
    public async Task The_pause_after_a_batch_counts_the_steps_that_it_made_due()
    {
        var scheduler = (await Idle()).Services.GetRequiredService<OperationScheduler>();
        await scheduler.Begin(CancellationToken.None);

        await scheduler.End(TimeSpan.Zero, madeDue: 1_000, isBusy: true, CancellationToken.None);
        var beside = await Database.Read<bool>(FreeAfterASecond);
        await scheduler.End(TimeSpan.Zero, madeDue: 1_000, isBusy: false, CancellationToken.None);
        var idle = await Database.Read<bool>(FreeAfterASecond);

        (beside, idle).ShouldBe((true, false));
    }

    [Fact]
    public async Task A_batch_of_new_limits_reports_the_mails_that_it_made_due()
    {
        var node = await Idle();
        var sequence = await node.Sequence(Steps.WaitDays(1), Steps.Email("mail"));
        await node.EnrollMany(sequence, 120);
        await Database.Execute(
            """
            UPDATE step_job SET wanted_at = now(), waiting_for = jsonb_build_array(jsonb_build_object('reason', 'cap', 'to', due_at))
            WHERE id IN (SELECT id FROM step_job ORDER BY id LIMIT 3)
            """
        );
        await node.Do(new SetLimits(MailsPerDay: 1));

        var outcome = await node.Do(new RunOperationBatch(new OperationId((await node.LastOperation()).Id)));

        outcome.MadeDue.ShouldBe(3);
    }
}
