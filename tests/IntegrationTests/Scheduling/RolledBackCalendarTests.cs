using FollowUp.Application.Instances;
using FollowUp.Application.Messaging;
using FollowUp.Application.Scheduling;
using FollowUp.Application.Sequences;
using FollowUp.Domain.Scheduling;
using FollowUp.Domain.Sequences;
using FollowUp.IntegrationTests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.IntegrationTests.Scheduling;

/// <summary>A change of a calendar whose transaction is rolled back after its waiting steps were placed again.</summary>
public sealed class RolledBackCalendarTests(TestDatabase database) : EngineTest(database)
{
    [Fact]
    public async Task Holidays_of_a_rolled_back_change_close_no_day()
    {
        var rollback = new Rollback();
        await using var node = await TestNode.Create(
            Database,
            TimeProvider.System,
            services => services.AddSingleton<IDomainEventHandler>(rollback)
        );
        var tomorrow = DateOnly.FromDateTime(DateTime.UtcNow).AddDays(1);
        await node.Do(new CreateCalendar("holidays", [new CalendarDay(tomorrow, null)]));
        var schedule = new ScheduleInput { TimeZone = "Etc/UTC", Holidays = "holidays" };
        var sequence = new SequenceId((await node.Do(new CreateSequence("Follow-up", null, true, [Steps.Email()], schedule))).Id);
        var instance = await node.Enroll(sequence);
        await Database.Execute(
            "UPDATE step_job SET wanted_at = $1, due_at = $1, waiting_for = '[]'",
            tomorrow.ToDateTime(new TimeOnly(12, 0), DateTimeKind.Utc)
        );

        rollback.IsDue = true;
        await Should.ThrowAsync<RollbackException>(() => node.Do(Change([new(tomorrow, null), new(tomorrow.AddDays(1), null)])));
        rollback.IsDue = false;
        await node.Do(Change([new(tomorrow.AddDays(5), null)]));

        (await node.Do(new GetInstance(new(instance.Id)))).NextDueAt!.Value.UtcDateTime.ShouldBe(
            tomorrow.ToDateTime(new TimeOnly(12, 0), DateTimeKind.Utc)
        );
        rollback.Happened.ShouldBe(1);
    }

    private static UpdateCalendar Change(List<CalendarDay> days) => new("holidays", default, days);

    /// <summary>Handles the event after the steps were placed again.</summary>
    private sealed class Rollback : IDomainEventHandler<CalendarChanged>
    {
        public bool IsDue { get; set; }

        public int Happened { get; private set; }

        public Task Handle(CalendarChanged happened, CancellationToken cancellationToken)
        {
            if (IsDue)
            {
                Happened++;
                throw new RollbackException();
            }

            return Task.CompletedTask;
        }
    }

    private sealed class RollbackException : Exception;
}
