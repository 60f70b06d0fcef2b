# SPDX-License-Identifier: Apache-2.0
# Run at install time, with `countersign_binary` as built and `countersign_unit`, the unit's text.
set(root "$ENV{DESTDIR}${CMAKE_INSTALL_PREFIX}")

set(BINARY "${CMAKE_INSTALL_PREFIX}/bin/countersign")
configure_file("${countersign_unit}" "${root}/lib/systemd/system/countersign.service" @ONLY)

# print ARGUMENTS INTO: what the binary says, as a file of the installation
function(print arguments into)
  execute_process(COMMAND "${countersign_binary}" ${arguments} RESULT_VARIABLE code OUTPUT_VARIABLE text ERROR_VARIABLE wrong)
  if(NOT code EQUAL 0)
    message(FATAL_ERROR "countersign ${arguments} failed: ${wrong}")
  endif()
  message(STATUS "Installing: ${root}/${into}")
  file(WRITE "${root}/${into}" "${text}")
endfunction()

print("completion;bash" share/bash-completion/completions/countersign)
print("completion;zsh" share/zsh/vendor-completions/_countersign)
print("completion;fish" share/fish/vendor_completions.d/countersign.fish)
print("man" share/man/man1/countersign.1)
print("man;--page;countersign.toml" share/man/man5/countersign.toml.5)
