using FollowUp.Domain.Instances;

namespace FollowUp.Application.Instances;

/// <summary>Reads of the caller's instances that follow an index which only SQL can name.</summary>
public interface IInstanceReads
{
    /// <summary>The events that record that a variant of an EMAIL step was sent.</summary>
    /// <param name="variant">The variant's name.</param>
    IQueryable<FollowUpEvent> SentVariant(string variant);

    /// <summary>The scheduled steps behind a position in the order in which steps are carried out.</summary>
    /// <param name="after">The position; null for all.</param>
    IQueryable<StepJob> Scheduled(JobPosition? after);
}
