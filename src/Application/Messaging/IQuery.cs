using MediatR;

namespace FollowUp.Application.Messaging;

/// <summary>A use case that reads.</summary>
public interface IQuery<T> : IUseCase<T>;

internal interface IQueryHandler<TQuery, T> : IRequestHandler<TQuery, Result<T>>
    where TQuery : IQuery<T>;
