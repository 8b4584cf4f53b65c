using System.Globalization;
using FollowUp.Application.Delivery;
using Channel = FollowUp.Domain.Recipients.Channel;

namespace FollowUp.Simulation;

/// <summary>
/// An unreliable provider: it accepts a message without an answer or late, rejects it, asks to retry later, or is down for a while. It reports
/// each accepted message by a provider event: late, twice, or never.
/// </summary>
internal sealed class ModelProvider(Scheduler scheduler, SeededRandom random, Faults faults, ModelStore store, HistoryChecker checker)
{
    /// <summary>The limit of a provider's call, after which the product's senders give up.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    public DateTimeOffset DownUntil { get; set; }

    public IStepSenders SendersOf(SimulatedProcess process) => new Senders(this, process);

    private Task<SendResult> Send(SimulatedProcess process, OutgoingMessage message)
    {
        var step = int.Parse(message is OutgoingEmail mail ? mail.Subject : ((OutgoingSms)message).Text, CultureInfo.InvariantCulture);
        checker.Sending(message, process.Name);
        var answer = new TaskCompletionSource<SendResult>();
        var number = store.Find(message.InstanceId)?.Number ?? 0;
        var quick = random.Between(0.01, 0.4);
        var fate = faults.On ? random.Below(40) : 39;
        if (scheduler.Now < DownUntil)
        {
            fate = random.Of(4, 5, 6);
        }

        switch (fate)
        {
            case 0:
                Accepts(quick);
                Answers(Timeout, new SendResult.InDoubt("No answer."));
                break;
            case 1:
                Accepts(random.Between(11, 300));
                Answers(Timeout, new SendResult.InDoubt("No answer."));
                break;
            case 2:
                Answers(quick, new SendResult.InDoubt("The connection was reset."));
                break;
            case 3:
                Accepts(quick);
                Answers(quick, new SendResult.InDoubt("The connection was reset."));
                break;
            case 4 or 7:
                Answers(quick, new SendResult.Retryable("Connection refused.", null, true));
                break;
            case 5 or 8:
                Answers(quick, new SendResult.Retryable("503", null, true));
                break;
            case 6:
                Answers(quick, new SendResult.Retryable("429", random.Between(0, 60), true));
                break;
            case 9:
                Answers(quick, new SendResult.Rejected("400", null, false));
                break;
            case 10:
                Answers(quick, random.Chance(0.5) ? new SendResult.Rejected("401", null, true) : Bounced());
                break;
            case 11 or 12:
                // Slow, but within its limit.
                Accepts(quick);
                Answers(random.Between(1, 10), new SendResult.Accepted(null));
                break;
            default:
                Accepts(quick);
                Answers(quick * 2, new SendResult.Accepted(null));
                break;
        }

        return answer.Task;

        void Accepts(TimeSpan after) =>
            scheduler.In(after, null, $"provider accepts step {step} of", number, () => Accept(message, number, step));

        void Answers(TimeSpan after, SendResult result) =>
            scheduler.In(after, process, $"provider answers {result.GetType().Name} for", number, () => answer.SetResult(result));
    }

    private static SendResult.Rejected Bounced() => new("550", FollowUp.Domain.Recipients.StopReason.Bounced, false);

    private void Accept(OutgoingMessage message, int number, int step)
    {
        checker.Accepted(message, step);
        for (var i = random.Below(3); i > 0; i--)
        {
            scheduler.In(random.Between(1, 600), null, "provider reports", number, () => store.ProviderEvents.Add(message.AttemptId.Value));
        }
    }

    private sealed class Senders(ModelProvider provider, SimulatedProcess process) : IStepSenders
    {
        private readonly Sender[] _senders = [new(provider, process, Channel.Email), new(provider, process, Channel.Sms)];

        public IStepSender For(Channel channel) => _senders[(int)channel];
    }

    private sealed class Sender(ModelProvider provider, SimulatedProcess process, Channel channel) : IStepSender
    {
        public Channel Channel => channel;

        public string Provider => "model";

        public Task<SendResult> Send(OutgoingMessage message, CancellationToken cancellationToken) => provider.Send(process, message);
    }
}
