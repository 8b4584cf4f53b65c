namespace FollowUp.Application.Dispatch;

/// <summary>The caller's scheduled steps by hour.</summary>
/// <param name="Hours">The number of hours, 1 to 744; 168 when absent.</param>
public sealed record GetForecast(int? Hours) : IQuery<ForecastView>;

internal sealed class GetForecastValidator : AbstractValidator<GetForecast>
{
    public GetForecastValidator()
    {
        RuleFor(query => query.Hours)
            .InclusiveBetween(1, ForecastView.MostHours)
            .WithMessage($"must be from 1 to {ForecastView.MostHours}");
    }
}

internal sealed class GetForecastHandler(IOwnerFeeds feeds) : IQueryHandler<GetForecast, ForecastView>
{
    private const int HoursByDefault = 168;

    public async Task<Result<ForecastView>> Handle(GetForecast query, CancellationToken cancellationToken) =>
        await feeds.Forecast(query.Hours ?? HoursByDefault, cancellationToken);
}
