using Ardalis.Result;
using FollowUp.Application.Delivery;
using FollowUp.Application.Dispatch;
using FollowUp.Application.Instances;
using FollowUp.Application.Quotas;
using FollowUp.Application.Sequences;
using FollowUp.Application.Templates;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Recipients;
using FollowUp.Domain.Scheduling;
using FollowUp.Domain.Sequences;
using FollowUp.Domain.Shared;
using FollowUp.UnitTests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;
using NSubstitute.ExceptionExtensions;

namespace FollowUp.UnitTests.Application;

public sealed class ExecuteStepTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(An.Noon);
    private readonly IStepOutbox _outbox = Substitute.For<IStepOutbox>();
    private readonly ISequenceVersions _versions = Substitute.For<ISequenceVersions>();
    private readonly ISendingPlans _plans = Substitute.For<ISendingPlans>();
    private readonly ISendQuota _slots = Substitute.For<ISendQuota>();
    private readonly ITemplateRenderer _templates = Substitute.For<ITemplateRenderer>();
    private readonly ISenderIdentity _identity = Substitute.For<ISenderIdentity>();
    private readonly IUnsubscribeLinks _links = Substitute.For<IUnsubscribeLinks>();
    private readonly IStepSenders _senders = Substitute.For<IStepSenders>();
    private readonly IStepSender _sender = Substitute.For<IStepSender>();
    private readonly IBreakers _breakers = Substitute.For<IBreakers>();
    private readonly EngineMetrics _metrics = new();
    private readonly RenderShares _shares;
    private readonly Step[] _steps = [An.Mail, An.Mail];
    private StepCompletion? _written;

    public ExecuteStepTests()
    {
        _shares = new RenderShares(_time);
        _versions.Steps(default, default).ReturnsForAnyArgs(_steps);
        _templates.RenderEmail("", "", null!).ReturnsForAnyArgs(Result.Success(new RenderedEmail("Hello", "<p>Hi</p>", "Hi")));
        _senders.For(Channel.Email).Returns(_sender);
        _sender.Provider.Returns("sendgrid");
        _sender.Send(null!, default).ReturnsForAnyArgs(new SendResult.Accepted("m1"));
        _outbox.Complete(Arg.Do<StepCompletion>(c => _written = c), Arg.Any<CancellationToken>()).Returns(WriteBack.Done);
    }

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public async Task An_accepted_mail_is_written_back_with_its_message_and_event()
    {
        var result = await Execute(Step());

        result.Value.ShouldBe(WriteBack.Done);
        await _outbox.DidNotReceiveWithAnyArgs().Unsent(null!, default);
        _written!.Attempt!.Status.ShouldBe(AttemptStatus.Accepted);
        _written.Message!.Subject.ShouldBe("Hello");
        _written.Events.Select(e => (e.Type, e.Status)).ShouldBe([(EventType.Email, EventStatus.Sent)]);
        _written.After.CurrentStep.Value.ShouldBe(1);
        await _breakers.Received(1).Accepted(Channel.Email, Arg.Any<ClaimedStep>(), Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task A_step_beyond_its_owners_rendering_share_waits_without_an_attempt()
    {
        var step = Step();
        _shares.Pay(step.Instance.OwnerId, 3 * RenderAllowance.Most);

        await Execute(step);

        _templates.DidNotReceiveWithAnyArgs().RenderEmail(default, default!, default!);
        await _sender.DidNotReceiveWithAnyArgs().Send(null!, default);
        _written!.Attempt.ShouldBeNull();
        _written.Events.ShouldBeEmpty();
        _written.After.Attempts.ShouldBe(0);
        _written.After.Job!.WaitingFor.Single().Reason.ShouldBe(MoveReason.Rendering);
        _written.After.Job.DueAt.ShouldBeGreaterThan(An.Noon.AddSeconds(30));
    }

    [Fact]
    public async Task A_mail_beyond_a_limit_is_not_sent_and_waits_without_an_attempt()
    {
        var tomorrow = An.Noon.AddHours(12);
        _slots.Take(null!, default, default, default).ReturnsForAnyArgs(new QuotaResult(null, new Move(MoveReason.Cap, tomorrow)));

        await Execute(Step() with { IsLimited = true });

        await _sender.DidNotReceiveWithAnyArgs().Send(null!, default);
        _written!.Attempt.ShouldBeNull();
        _written.Events.ShouldBeEmpty();
        (_written.After.Job!.DueAt, _written.After.Attempts).ShouldBe((tomorrow, 0));
        _written.After.Job.WaitingFor.ShouldBe([new Move(MoveReason.Cap, tomorrow)]);
    }

    [Theory]
    [InlineData("accepted", 0)]
    [InlineData("retryable", 1)]
    [InlineData("rejected", 1)]
    [InlineData("inDoubt", 0)]
    public async Task A_slot_is_released_if_the_mail_was_certainly_not_sent(string answer, int givenBack)
    {
        _slots
            .Take(null!, default, default, default)
            .ReturnsForAnyArgs(new QuotaResult(new SendSlot(An.Owner, new(2026, 1, 31), null, default), null));
        SendResult result = answer switch
        {
            "accepted" => new SendResult.Accepted("m1"),
            "retryable" => new SendResult.Retryable("503", null, false),
            "rejected" => new SendResult.Rejected("400", null, false),
            _ => new SendResult.InDoubt("reset"),
        };
        _sender.Send(null!, default).ReturnsForAnyArgs(result);

        await Execute(Step() with { IsLimited = true });

        await _slots.ReceivedWithAnyArgs(givenBack).GiveBack(null!, default, default);
    }

    [Fact]
    public async Task A_slot_is_released_if_the_sender_fails_before_the_call()
    {
        _slots
            .Take(null!, default, default, default)
            .ReturnsForAnyArgs(new QuotaResult(new SendSlot(An.Owner, new(2026, 1, 31), null, default), null));
        _sender.Send(null!, default).ThrowsAsyncForAnyArgs(new InvalidOperationException("This mail cannot be composed."));
        var step = Step() with { IsLimited = true };

        await Should.ThrowAsync<InvalidOperationException>(() => Execute(step));

        await _slots.ReceivedWithAnyArgs(1).GiveBack(null!, default, default);
        step.Lease.MayHaveSent.ShouldBeFalse();
    }

    [Fact]
    public async Task The_lease_is_marked_as_sending_before_the_provider_call_for_all_copies_of_the_claim()
    {
        var step = Step();
        var begun = false;
        _sender
            .Send(null!, default)
            .ReturnsForAnyArgs(_ =>
            {
                begun = step.Lease.MayHaveSent;
                return new SendResult.Accepted("m1");
            });

        await Execute(step with { IsScheduled = false });

        begun.ShouldBeTrue();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_lease_lost_while_taking_a_slot_sends_nothing(bool needed)
    {
        var answer = needed ? new QuotaResult(new SendSlot(An.Owner, new(2026, 1, 31), null, default), null) : default;
        _slots
            .Take(null!, default, default, default)
            .ReturnsForAnyArgs(_ =>
            {
                _time.Advance(TimeSpan.FromSeconds(31));
                return answer;
            });

        var step = Step() with { IsLimited = true };
        (await Execute(step)).Value.ShouldBe(WriteBack.LeaseLost);

        step.Lease.MayHaveSent.ShouldBeFalse();
        await _outbox.Received(1).Unsent(step, Arg.Any<CancellationToken>());
        await _sender.DidNotReceiveWithAnyArgs().Send(null!, default);
        await _slots.Received(1).GiveBack(step, Channel.Email, answer.Slot);
    }

    [Fact]
    public async Task A_sequence_without_a_schedule_reads_no_plan()
    {
        await Execute(Step());

        _plans.ReceivedCalls().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_lease_that_is_no_longer_safe_sends_and_writes_nothing()
    {
        var step = Step();
        _time.Advance(TimeSpan.FromSeconds(31));

        (await Execute(step)).Value.ShouldBe(WriteBack.LeaseLost);

        await _sender.DidNotReceiveWithAnyArgs().Send(null!, default);
        _written.ShouldBeNull();
    }

    [Fact]
    public async Task A_stale_write_back_is_repeated_on_the_current_instance_without_a_second_send()
    {
        var step = Step();
        var paused = An.InstanceOf(_steps).Claimed();
        paused.Pause(An.Noon);
        paused.TakeEvents();
        _outbox.Complete(Arg.Do<StepCompletion>(c => _written = c), Arg.Any<CancellationToken>()).Returns(WriteBack.Stale, WriteBack.Done);
        _outbox.Refresh(step, Arg.Any<CancellationToken>()).Returns(step with { Instance = paused, Revision = paused.Revision });

        await Execute(step);

        _written!.After.Status.ShouldBe(InstanceStatus.Paused);
        _written.After.Job!.State.ShouldBe(JobState.Parked);
        await _sender.ReceivedWithAnyArgs(1).Send(null!, default);
    }

    [Fact]
    public async Task A_suppressed_address_gets_no_message()
    {
        await Execute(Step() with { Suppressed = StopReason.Unsubscribed });

        await _sender.DidNotReceiveWithAnyArgs().Send(null!, default);
        (_written!.After.Status, _written.Attempt).ShouldBe((InstanceStatus.Stopped, null));
    }

    [Fact]
    public async Task An_outdated_claim_is_released()
    {
        var step = Step() with { SequenceEnabled = false };
        _outbox.Complete(null!, default).ReturnsForAnyArgs(WriteBack.Stale);

        await Execute(step);

        await _outbox.Received(1).GiveBack(step, Arg.Any<CancellationToken>());
    }

    [Theory]
    [InlineData(true, "postponed")]
    [InlineData(false, "retried")]
    public async Task A_provider_failure_postpones_the_step_once_the_breaker_is_open(bool open, string what)
    {
        _sender.Send(null!, default).ReturnsForAnyArgs(new SendResult.Retryable("503", null, ProviderWide: true));
        _breakers.Failed(default, null!, null!, default).ReturnsForAnyArgs(open);

        await Execute(Step());

        _written!.After.Attempts.ShouldBe(what == "postponed" ? 0 : 1);
        _written.Attempt!.Status.ShouldBe(AttemptStatus.Retryable);
    }

    [Theory]
    [InlineData(true, InstanceStatus.Active)]
    [InlineData(false, InstanceStatus.Failed)]
    public async Task A_rejected_account_postpones_the_step_once_the_breaker_is_open(bool open, InstanceStatus status)
    {
        _sender.Send(null!, default).ReturnsForAnyArgs(new SendResult.Rejected("401", null, ProviderWide: true));
        _breakers.Failed(default, null!, null!, default).ReturnsForAnyArgs(open);

        await Execute(Step());

        _written!.After.Status.ShouldBe(status);
    }

    [Fact]
    public async Task An_unknown_outcome_is_in_doubt_and_counts_for_the_breaker()
    {
        _sender.Send(null!, default).ReturnsForAnyArgs(new SendResult.InDoubt("reset"));

        await Execute(Step());

        (_written!.After.Job!.State, _written.Attempt!.Status).ShouldBe((JobState.InDoubt, AttemptStatus.InDoubt));
        await _breakers.ReceivedWithAnyArgs(1).Failed(default, null!, null!, default);
    }

    [Theory]
    [InlineData("rejected")]
    [InlineData("retryable")]
    public async Task A_refusal_of_one_message_is_no_evidence_about_the_provider_except_as_a_probe(string answer)
    {
        SendResult refusal =
            answer == "rejected" ? new SendResult.Rejected("550", null, ProviderWide: false) : new SendResult.Retryable("451", null, false);
        _sender.Send(null!, default).ReturnsForAnyArgs(refusal);
        var probe = Step() with { IsProbe = true };

        await Execute(Step());
        _breakers.ReceivedCalls().ShouldBeEmpty();
        await Execute(probe);

        _breakers.ReceivedCalls().ShouldHaveSingleItem();
        await _breakers.Received(1).Refused(Channel.Email, probe.Instance.Id, Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task A_failing_template_fails_the_step_without_a_provider_call()
    {
        _templates
            .RenderEmail("", "", null!)
            .ReturnsForAnyArgs(Result<RenderedEmail>.Invalid(new RenderError("subject", "The subject is empty.")));

        await Execute(Step());

        (_written!.After.Status, _written.After.LastError).ShouldBe((InstanceStatus.Failed, "The subject is empty."));
        await _sender.DidNotReceiveWithAnyArgs().Send(null!, default);
    }

    private Task<Result<WriteBack>> Execute(ClaimedStep step) =>
        new ExecuteStepHandler(
            _outbox,
            _versions,
            _plans,
            _slots,
            new MessageComposer(new StepRenderer(_templates, _identity, _links), _identity, _shares),
            _shares,
            _senders,
            _breakers,
            _metrics,
            new DispatchOptions(),
            _time,
            NullLogger<ExecuteStepHandler>.Instance
        ).Handle(new ExecuteStep(step), CancellationToken.None);

    private ClaimedStep Step() => An.ClaimOf(An.InstanceOf(_steps), _time);
}
