using MediatR;

namespace FollowUp.Application.Behaviors;

/// <summary>First in the pipeline: one span per request.</summary>
internal sealed class TelemetryBehavior<TRequest, TResponse> : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IRequest<TResponse>
    where TResponse : IResult
{
    private static readonly string Name = typeof(TRequest).Name;

    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        using var span = Telemetry.Source.StartActivity(Name);
        var response = await next();
        span?.SetTag("followup.result", Error.Of(response)?.Kind.ToString() ?? response.Status.ToString());
        return response;
    }
}
