using Ardalis.Result;
using MediatR;

namespace FollowUp.Application.Messaging;

/// <summary>Reads something.</summary>
/// <typeparam name="T">What it answers.</typeparam>
public interface IQuery<T> : IUseCase<T>;

internal interface IQueryHandler<TQuery, T> : IRequestHandler<TQuery, Result<T>>
    where TQuery : IQuery<T>;
