namespace FollowUp.Application.Instances;

/// <summary>Requests that waiting steps are placed again after their schedule or its calendar changed.</summary>
internal sealed class RescheduleSteps(OperationQueue operations)
    : IDomainEventHandler<ScheduleChanged>,
        IDomainEventHandler<CalendarChanged>
{
    public bool Handles(Domain.Shared.DomainEvent happened) => happened is ScheduleChanged or CalendarChanged;

    public Task Handle(Domain.Shared.DomainEvent happened, CancellationToken cancellationToken) =>
        happened is CalendarChanged calendar ? Handle(calendar, cancellationToken) : Handle((ScheduleChanged)happened, cancellationToken);

    public Task Handle(ScheduleChanged happened, CancellationToken cancellationToken) =>
        operations.Begin(happened.OwnerId, OperationKind.Reschedule, happened.SequenceId.Value, cancellationToken);

    public Task Handle(CalendarChanged happened, CancellationToken cancellationToken) =>
        operations.Begin(happened.OwnerId, OperationKind.Reschedule, happened.CalendarId.Value, cancellationToken);
}
