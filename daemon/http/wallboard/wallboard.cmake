# The wallboard's page goes into the program: its own files from this folder, and the curves
# from uPlot, which npm brings at the version and with the digest of package-lock.json.
set(NAJIMI_WALLBOARD AUTO CACHE STRING
  "the page at /: ON wants npm for its curves, AUTO does without them, OFF leaves it out")
set_property(CACHE NAJIMI_WALLBOARD PROPERTY STRINGS AUTO ON OFF)

set(wallboard_from ${CMAKE_CURRENT_LIST_DIR})
set(wallboard_to ${PROJECT_BINARY_DIR}/wallboard)
set(wallboard_own page.css icon.svg main.js alarms.js charts.js choices.js figures.js format.js turns.js
  stream.js texts.js)

# Brings uPlot into the build folder. *ret_why: empty, or why it could not.
function(wallboard_fetch ret_why)
  set(folder ${wallboard_to}/npm)
  file(SHA256 ${wallboard_from}/package-lock.json digest)
  set(stamp ${folder}/${digest}.done)
  set(${ret_why} "" PARENT_SCOPE)
  if(EXISTS ${stamp})
    return()
  endif()
  find_program(NAJIMI_NPM npm)
  mark_as_advanced(NAJIMI_NPM)
  if(NOT NAJIMI_NPM)
    set(${ret_why} "npm is not installed (Debian: apt install nodejs npm)" PARENT_SCOPE)
    return()
  endif()
  file(REMOVE_RECURSE ${folder})
  file(COPY ${wallboard_from}/package.json ${wallboard_from}/package-lock.json DESTINATION ${folder})
  message(STATUS "wallboard: npm brings uPlot")
  execute_process(
    COMMAND ${NAJIMI_NPM} ci --ignore-scripts --no-audit --no-fund --prefer-offline --fetch-retries=1
      --fetch-retry-mintimeout=1000 --fetch-timeout=20000
    WORKING_DIRECTORY ${folder} TIMEOUT 120
    RESULT_VARIABLE result OUTPUT_VARIABLE said ERROR_VARIABLE said)
  if(NOT result EQUAL 0)
    file(WRITE ${folder}/npm.log "${said}")
    set(${ret_why} "npm could not bring it (${folder}/npm.log says why)" PARENT_SCOPE)
    return()
  endif()
  file(WRITE ${stamp} "")
endfunction()

# Writes the files of the curves: uPlot's with its licence, or empty ones.
function(wallboard_curves why)
  set(dist ${wallboard_to}/npm/node_modules/uplot)
  if(why STREQUAL "")
    file(READ ${dist}/LICENSE licence)
    file(READ ${dist}/dist/uPlot.iife.min.js script)
    file(READ ${dist}/dist/uPlot.min.css style)
    set(head "/*\n${licence}*/\n")
  endif()
  file(CONFIGURE OUTPUT ${wallboard_to}/files/uplot.js CONTENT "@head@@script@" @ONLY)
  file(CONFIGURE OUTPUT ${wallboard_to}/files/uplot.css CONTENT "@head@@style@" @ONLY)
endfunction()

if(NAJIMI_WALLBOARD STREQUAL "OFF")
  message(STATUS "wallboard: left out")
  set(wallboard_page off.html)
  set(wallboard_own)
  set(wallboard_made)
else()
  wallboard_fetch(wallboard_why)
  if(wallboard_why AND NAJIMI_WALLBOARD STREQUAL "ON")
    message(FATAL_ERROR "the wallboard's curves need uPlot: ${wallboard_why}. "
      "-DNAJIMI_WALLBOARD=AUTO builds the page without curves, OFF leaves it out.")
  elseif(wallboard_why)
    message(WARNING "the wallboard is built WITHOUT ITS CURVES, since ${wallboard_why}; it shows "
      "tables in their place. -DNAJIMI_WALLBOARD=ON makes this an error, OFF leaves the page out.")
  endif()
  wallboard_curves("${wallboard_why}")
  set(wallboard_page page.html)
  set(wallboard_made uplot.js uplot.css)
endif()
foreach(LANGUAGE en ja)
  configure_file(${wallboard_from}/${wallboard_page} ${wallboard_to}/files/page.${LANGUAGE} @ONLY)
  list(APPEND wallboard_made page.${LANGUAGE})
endforeach()

find_program(NAJIMI_GZIP gzip REQUIRED)
mark_as_advanced(NAJIMI_GZIP)
set(wallboard_parts)
foreach(name IN LISTS wallboard_own)
  set(part ${wallboard_to}/files/${name})
  add_custom_command(OUTPUT ${part} COMMAND ${CMAKE_COMMAND} -E copy ${wallboard_from}/${name} ${part}
    DEPENDS ${wallboard_from}/${name} VERBATIM)
  list(APPEND wallboard_parts ${part})
endforeach()
foreach(name IN LISTS wallboard_own wallboard_made)
  set(part ${wallboard_to}/files/${name})
  add_custom_command(OUTPUT ${part}.gz COMMAND ${NAJIMI_GZIP} -9nc ${part} > ${part}.gz
    DEPENDS ${part} VERBATIM)
  list(APPEND wallboard_parts ${part} ${part}.gz)
endforeach()
list(REMOVE_DUPLICATES wallboard_parts)
list(JOIN wallboard_own "," wallboard_names)
list(JOIN wallboard_made "," wallboard_made_names)
if(wallboard_names)
  string(APPEND wallboard_names ",")
endif()
add_custom_command(OUTPUT ${wallboard_to}/wallboard_files.c
  COMMAND ${CMAKE_COMMAND} -DTO=${wallboard_to}/wallboard_files.c -DFOLDER=${wallboard_to}/files
    -DNAMES=${wallboard_names}${wallboard_made_names} -P ${wallboard_from}/embed.cmake
  DEPENDS ${wallboard_parts} ${wallboard_from}/embed.cmake VERBATIM)
target_sources(najimi_http PRIVATE ${wallboard_to}/wallboard_files.c)
