using Ardalis.Result;
using MediatR;

namespace FollowUp.Application.Messaging;

/// <summary>Changes something, in one transaction.</summary>
/// <typeparam name="T">What it answers.</typeparam>
public interface ICommand<T> : IUseCase<T>, ITransactional;

internal interface ICommandHandler<TCommand, T> : IRequestHandler<TCommand, Result<T>>
    where TCommand : IUseCase<T>;
