using Ardalis.Result;
using FollowUp.Application.Delivery;
using FollowUp.Application.Dispatch;
using FollowUp.Application.Instances;
using FollowUp.Application.Sequences;
using FollowUp.Application.Templates;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FollowUp.Simulation;

/// <summary>Creates the product's handlers with the model's ports.</summary>
internal sealed class Ports(params object[] ports) : IServiceProvider
{
    private static readonly EngineMetrics Metrics = new();
    private static readonly Sender Identity = new();
    private static readonly RenderShares Shares = new(TimeProvider.System);
    private static readonly MessageComposer Messages = new(new(new StepIndexTemplates(), Identity, new NoLinks()), Identity, Shares);

    public object? GetService(Type serviceType)
    {
        if (serviceType == typeof(EngineMetrics))
        {
            return Metrics;
        }

        if (serviceType == typeof(RenderShares))
        {
            return Shares;
        }

        if (serviceType == typeof(MessageComposer))
        {
            return Messages;
        }

        if (serviceType == typeof(Timetables))
        {
            return new Timetables(this.GetRequiredService<ISequenceVersions>(), this.GetRequiredService<ISendingPlans>());
        }

        return serviceType.IsGenericType && serviceType.GetGenericTypeDefinition() == typeof(ILogger<>)
            ? typeof(NullLogger<>).MakeGenericType(serviceType.GetGenericArguments()).GetField("Instance")!.GetValue(null)
            : Array.Find(ports, serviceType.IsInstanceOfType);
    }

    public THandler Make<THandler>() => Factory<THandler>.Create(this, null);

    private static class Factory<THandler>
    {
        public static readonly ObjectFactory<THandler> Create = ActivatorUtilities.CreateFactory<THandler>([]);
    }

    /// <summary>Each template is the index of its step and renders to it, so that the provider knows the step.</summary>
    private sealed class StepIndexTemplates : ITemplateRenderer
    {
        public TemplateError? Check(string template, TemplateKind kind, RenderAllowance? allowance = null) => null;

        public IReadOnlyList<TemplateVariable> Variables(string template, RenderAllowance? allowance = null) => [];

        public IReadOnlyList<TemplateWarning> Warnings(
            string template,
            TemplateKind kind,
            RenderAllowance? allowance = null,
            bool upgradesImages = false
        ) => [];

        public IReadOnlyList<TemplateWarning> RenderedWarnings(string html) => [];

        public IVariableValues ValuesOf(TemplateModel model) => throw new NotSupportedException("Nothing is looked up in a simulation.");

        public string? Fault(string template, TemplateKind kind, TemplateModel model) => null;

        public Result<RenderedEmail> RenderEmail(string? subject, string body, TemplateModel model) =>
            new RenderedEmail(subject ?? "", body, body);

        public Result<RenderedSms> RenderSms(string message, TemplateModel model) => new RenderedSms(message, []);
    }

    private sealed class Sender : ISenderIdentity
    {
        public string Email => "sender@model.example";

        public string? Name => null;

        public string Domain => "model.example";
    }

    private sealed class NoLinks : IUnsubscribeLinks
    {
        public ValueTask<string?> For(StepReader reader, CancellationToken cancellationToken) => new((string?)null);

        public ValueTask<UnsubscribeToken?> Read(string token, CancellationToken cancellationToken) => new((UnsubscribeToken?)null);
    }
}
