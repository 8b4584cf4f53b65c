using FollowUp.Application.Instances;
using FollowUp.Application.Sequences;
using FollowUp.Domain.Accounts;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Operations;
using FollowUp.Domain.Scheduling;
using FollowUp.Domain.Sequences;
using FollowUp.Domain.Suppressions;

namespace FollowUp.Application;

/// <summary>What belongs to the caller, for reading: other people's rows are not there. Nothing that is read here is tracked.</summary>
public interface IReadDb
{
    /// <summary>The caller's sequences.</summary>
    IQueryable<Sequence> Sequences { get; }

    /// <summary>The versions of the caller's sequences.</summary>
    IQueryable<SequenceVersion> Versions { get; }

    /// <summary>The migrations of the caller's sequences.</summary>
    IQueryable<SequenceMigration> Migrations { get; }

    /// <summary>The caller's operations.</summary>
    IQueryable<Operation> Operations { get; }

    /// <summary>The caller's instances.</summary>
    IQueryable<Instance> Instances { get; }

    /// <summary>The events of the caller's instances that tell that a variant of an EMAIL step was sent.</summary>
    /// <param name="variant">The variant's name.</param>
    IQueryable<FollowUpEvent> SentVariant(string variant);

    /// <summary>The scheduled steps of the caller's instances, behind a place in the order in which they are carried out.</summary>
    /// <param name="after">The place; null for all.</param>
    IQueryable<StepJob> Scheduled(JobPosition? after);

    /// <summary>The events of the caller's instances.</summary>
    IQueryable<FollowUpEvent> Events { get; }

    /// <summary>What was rendered for the caller's instances.</summary>
    IQueryable<Message> Messages { get; }

    /// <summary>The tries to send the steps of the caller's instances; kept for some hours.</summary>
    IQueryable<Attempt> Attempts { get; }

    /// <summary>What happened at the steps of the caller's sequences, counted by day.</summary>
    IQueryable<StepStat> Stats { get; }

    /// <summary>How many instances the caller's sequences have in each status. One status may have several rows: they are to be summed.</summary>
    IQueryable<InstanceCount> InstanceCounts { get; }

    /// <summary>The caller's API keys.</summary>
    IQueryable<ApiKey> ApiKeys { get; }

    /// <summary>The caller's calendars.</summary>
    IQueryable<Calendar> Calendars { get; }

    /// <summary>The addresses that get nothing more from the caller.</summary>
    IQueryable<Suppression> Suppressions { get; }

    /// <summary>The caller.</summary>
    IQueryable<AppUser> Users { get; }
}
