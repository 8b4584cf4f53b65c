using FollowUp.Application.Quotas;
using FollowUp.Domain.Accounts;
using FollowUp.Domain.Dispatch;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Recipients;
using FollowUp.Domain.Scheduling;
using FollowUp.Domain.Sequences;
using FollowUp.Domain.Shared;

namespace FollowUp.Simulation;

/// <content>The changes that owners make in one statement or one short transaction, and the breakers.</content>
internal sealed partial class ModelStore
{
    private static readonly TimeSpan ProbeWindow = TimeSpan.FromSeconds(15);

    private readonly CircuitBreaker[] _breakers = [CircuitBreaker.Closed, CircuitBreaker.Closed];
    private int _enrolled;
    private DateTimeOffset _minute;
    private int _taken;

    /// <summary>The owner's limit of mails a minute; null when there is none.</summary>
    public int? MostPerMinute { get; set; }

    public void Add(Sequence sequence)
    {
        Sequences.Add(sequence);
        Publish(sequence);
    }

    /// <summary>Enrols a recipient, unless the address is suppressed or already in the sequence.</summary>
    public Row? Enroll(Sequence sequence, Recipient recipient)
    {
        var taken = Rows.Exists(row => row.Sequence == sequence && IsEnrolled(row.Instance, recipient.Email));
        if (taken || !Sequences.Contains(sequence) || SuppressionOf(recipient.Email.Key, Channel.Email) is not null)
        {
            return null;
        }

        var enrolled = Instance.Enroll(sequence, recipient, "{}", null, null, Now, PlanOf(sequence));
        if (!enrolled.IsSuccess)
        {
            return null;
        }

        var events = enrolled.Value.TakeEvents().Cast<FollowUpEvent>().ToList();
        var row = new Row(++_enrolled, sequence, enrolled.Value);
        Rows.Add(row);
        Write(row, enrolled.Value, events);
        return row;
    }

    public static SendingPlan? PlanOf(Sequence sequence) => sequence.Schedule?.For(null, Holidays.None);

    /// <summary>Takes one of the owner's slots of this minute, if a limit is set.</summary>
    public QuotaResult TakeSlot(OwnerId owner, AttemptId attempt)
    {
        if (MostPerMinute is not { } most)
        {
            return default;
        }

        var minute = new DateTimeOffset(Now.UtcTicks - (Now.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
        _taken = minute == _minute ? _taken + 1 : 1;
        _minute = minute;
        return _taken > most
            ? new(null, new Move(MoveReason.Gap, minute.AddMinutes(1)))
            : new(new SendSlot(owner, DateOnly.FromDateTime(Now.UtcDateTime), null, attempt), null);
    }

    public static bool IsEnrolled(Instance instance, EmailAddress email) =>
        instance.Status is InstanceStatus.Active or InstanceStatus.Paused && instance.Recipient.Email.Key == email.Key;

    public void Edit(Sequence sequence, IReadOnlyList<Step> steps)
    {
        sequence.ChangeSteps(steps, Now);
        Publish(sequence);
    }

    /// <summary>Enables or disables a sequence. Enabling releases its parked jobs, spread over time.</summary>
    public void Enable(Sequence sequence, bool enabled)
    {
        sequence.Enable(enabled, Now);
        if (!sequence.TakeEvents().OfType<SequenceEnabled>().Any())
        {
            return;
        }

        var parked = Rows.Where(row => row.Sequence == sequence && IsParkedForSequence(row.Instance))
            .OrderBy(row => row.Instance.Job!.DueAt)
            .ThenBy(row => row.Number)
            .ToList();
        for (var place = 0; place < parked.Count; place++)
        {
            var (row, spread) = (parked[place], Now + (TimeSpan.FromSeconds(place) / options.Backlog.PerSecond));
            WhenFree(
                row,
                () =>
                {
                    // The UPDATE looks again once it has the lock: a pause may have taken the job over meanwhile.
                    if (IsParkedForSequence(row.Instance))
                    {
                        var job = row.Instance.Job!;
                        job.MakeReady(job.DueAt > Now ? job.DueAt : spread);
                    }
                }
            );
        }
    }

    /// <summary>Deletes a sequence with its instances; false while a row of it is locked.</summary>
    public bool Delete(Sequence sequence)
    {
        if (Rows.Exists(row => row.Sequence == sequence && (row.LockedBy is not null || row.IsClaimed)))
        {
            return false;
        }

        Rows.RemoveAll(row => row.Sequence == sequence);
        Sequences.Remove(sequence);
        return true;
    }

    public void Suppress(Suppression suppression)
    {
        if (SuppressionOf(suppression.Address, suppression.Channel) is null)
        {
            Suppressions.Add(suppression);
        }
    }

    public Suppression? SuppressionOf(string address, Channel channel) =>
        Suppressions.Find(s => s.Address == address && s.Channel == channel);

    /// <summary>Records a provider-wide failure; whether the channel's breaker is open now.</summary>
    public bool BreakerFailed(Channel channel, Instance instance, bool probe, TimeSpan? retryAfter)
    {
        var source = new FailureSource(instance.OwnerId, BitConverter.ToInt64(instance.Id.Value.ToByteArray(), 8));
        _breakers[(int)channel] = _breakers[(int)channel].Failed(source, probe, retryAfter, null, Now);
        return _breakers[(int)channel].IsOpen;
    }

    public void BreakerSentNothing(Channel channel, InstanceId instance) =>
        _breakers[(int)channel] = _breakers[(int)channel].SentNothing(instance, Now);

    public void BreakerRefused(Channel channel, InstanceId instance) =>
        _breakers[(int)channel] = _breakers[(int)channel].Refused(instance, Now);

    public void BreakerAccepted(Channel channel, Instance instance) =>
        _breakers[(int)channel] = _breakers[(int)channel].Accepted(instance.OwnerId, Now);

    /// <summary>The channels that had failures lately, and whether each may be probed.</summary>
    public List<(Channel Channel, bool Open, bool MayProbe)> Troubled() =>
        [
            .. Enum.GetValues<Channel>()
                .Select(channel => (Channel: channel, Breaker: _breakers[(int)channel]))
                .Where(b => b.Breaker.Failures > 0 || b.Breaker.IsOpen)
                .Select(b => (b.Channel, b.Breaker.IsOpen, b.Breaker.OpenUntil <= Now)),
        ];

    /// <summary>Picks the step for the next probe; null if no probe or no step is due. The model has one owner per channel.</summary>
    public InstanceId? BeginProbe(Channel channel)
    {
        var breaker = _breakers[(int)channel];
        var due = Rows.Where(r => r.Instance.Job is { State: JobState.Ready } j && ChannelOf(j) == channel && j.DueAt <= Now)
            .OrderBy(r => r.Instance.Job!.DueAt)
            .ThenBy(r => r.Number)
            .Select(r => r.Instance)
            .ToList();
        if (!(breaker.OpenUntil <= Now) || due.Count == 0)
        {
            return null;
        }

        if (due.TrueForAll(instance => breaker.Probes.Any(probe => probe.Instance == instance.Id)))
        {
            breaker = breaker.NextRound();
        }

        var next = due.First(instance => !breaker.Probes.Any(probe => probe.Instance == instance.Id));
        _breakers[(int)channel] = breaker.Probing(new Probe(next.OwnerId, next.Id), ProbeWindow, Now);
        return next.Id;
    }

    private static bool IsParkedForSequence(Instance instance) =>
        instance.Job is { State: JobState.Parked, ParkReason: ParkReason.SequenceDisabled };

    private bool IsClosed(Channel channel) => _breakers[(int)channel].IsOpen;

    private StopReason? SuppressedFor(Row row)
    {
        var recipient = row.Instance.Recipient;
        return ChannelOf(row.Instance.Job!) switch
        {
            Channel.Email => SuppressionOf(recipient.Email.Key, Channel.Email)?.Reason,
            Channel.Sms when recipient.Phone is { } phone => SuppressionOf(phone.Value, Channel.Sms)?.Reason,
            _ => null,
        };
    }

    private void Publish(Sequence sequence) => _versions[sequence.Current.Id] = sequence.Current.Steps;
}
